// Puts the public patients that tests read where tests look for them, by what the files hold and not by how
// the deposit is laid out:
//
//   node scripts/take-data.js FOLDER [--to ../shared/data/covid-ct-md]
//
// FOLDER is a checkout of COVID-CT-MD, or what was unpacked of it: DATA.md says where from. Ends with 1 where
// something is not there as it was published.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { labelFiles, publicPatients } from "./public-patients.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: "string", default: join(root, "../shared/data/covid-ct-md") } },
});
const [folder] = positionals;
if (!folder) {
  console.error("node scripts/take-data.js FOLDER [--to FOLDER]");
  process.exit(2);
}

/** @param {string | Buffer} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** SHA-256 by file, of every folder that has some. @type {Map<string, Map<string, string>>} */
const folders = new Map();
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!/\.(dcm|npy|csv)$/.test(name)) continue;
  const parent = join(folder, dirname(name));
  const hashes = folders.get(parent) ?? new Map();
  folders.set(parent, hashes.set(basename(name), sha256(readFileSync(join(folder, name)))));
}

let missing = 0;
/** @param {string} name @param {string | undefined} from */
function take(name, from) {
  if (from === undefined) {
    missing++;
    console.log(`${name}: not found as published`);
    return;
  }
  const target = join(values.to, name);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(from, target, { recursive: true });
  console.log(`${name}: from ${relative(folder, from)}`);
}

for (const { path, filesSha256 } of publicPatients) {
  const found = [...folders].find(
    ([, hashes]) => sha256([...hashes.values()].sort().join("\n")) === filesSha256,
  );
  take(path, found?.[0]);
}
for (const [name, hash] of Object.entries(labelFiles)) {
  const found = [...folders].flatMap(([parent, hashes]) =>
    [...hashes].filter(([, own]) => own === hash).map(([file]) => join(parent, file)),
  );
  take(name, found[0]);
}
process.exit(missing === 0 ? 0 : 1);
