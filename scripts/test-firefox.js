// @ts-check
// The browser tests in Firefox, which must be installed with a Vulkan driver (Debian: firefox-esr,
// mesa-vulkan-drivers): npm has neither.
import { countLine, runVitest } from "./run-vitest.js";

process.env.HOUNSFIELD_TEST_BROWSER = "firefox";
const counts = runVitest(["--project", "all", "test/browser", ...process.argv.slice(2)]);
console.log(countLine(counts));
process.exit(counts.failed === 0 ? 0 : 1);
