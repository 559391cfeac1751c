// Removes download addresses from package-lock.json: which registry served a package is a machine's matter;
// its hash is what counts. Run it after every `npm install`. (npm's own omit-lockfile-registry-resolved drops
// other platforms' packages, so that `npm ci` fails.)
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.resolved;
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
