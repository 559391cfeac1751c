// @ts-check
// What is shipped, as a stranger gets it: packs, installs outside the checkout, and runs it in bundlers,
// frameworks, pages and Node.
import { countLine, runVitest } from "./run-vitest.js";

const counts = runVitest(["--config", "test/package/vitest.config.ts", ...process.argv.slice(2)]);
console.log(countLine(counts));
process.exit(counts.failed === 0 ? 0 : 1);
