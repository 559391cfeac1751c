// @ts-check
// Makes a release that can be published: node scripts/release.js [--check] Notes of .changeset/ become a
// version and entries of CHANGELOG.md; everything is checked and built; the tarball is packed, installed in
// an empty folder and used. `--check` verifies the version that is there, and writes nothing but the tarball.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const onlyCheck = process.argv.includes("--check");

/**
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} [cwd]
 * @returns {string} standard output
 */
function step(title, command, args, cwd = root) {
  console.error(`\n> ${title}`);
  const { status, stdout } = spawnSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) {
    console.error(`${title}: failed`);
    process.exit(1);
  }
  return String(stdout);
}

if (!onlyCheck) {
  if (step("the working tree is clean", "git", ["status", "--porcelain"]).trim() !== "") {
    console.error("commit or stash first: a release is made of what is committed");
    process.exit(1);
  }
  step("version and changelog", "npx", ["--no-install", "changeset", "version"]);
}
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
if (!onlyCheck) {
  const text = `/** The version of the package; a test holds it equal to package.json. */\nexport const version = "${version}";\n`;
  writeFileSync(join(root, "src/core/version.ts"), text);
}
if (!readFileSync(join(root, "CHANGELOG.md"), "utf8").includes(`## ${version}`)) {
  console.error(`CHANGELOG.md has no entry for ${version}`);
  process.exit(1);
}
step("every check", "npm", ["test"]);
const folder = mkdtempSync(join(tmpdir(), "hounsfield-release-"));
const [{ filename }] = JSON.parse(step("pack", "npm", ["pack", "--json", "--pack-destination", folder]));
writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
step("install the tarball", "npm", ["install", "--no-audit", "--no-fund", join(folder, filename)], folder);
const said = step("the command runs", "npx", ["--no-install", "hounsfield", "--version"], folder).trim();
if (!said.includes(version)) {
  console.error(`the packed command says it is ${said}, not ${version}`);
  process.exit(1);
}
step("a chest goes through it", "npx", ["--no-install", "hounsfield", "phantom", "--out", "dicom"], folder);
step(
  "and is a volume",
  "npx",
  "--no-install hounsfield preprocess dicom --out out --spacing 2 --device cpu".split(" "),
  folder,
);
if (!existsSync(join(folder, "out", "report.json"))) process.exit(1);
rmSync(folder, { recursive: true });
console.error(`\n${version} can be published: tag v${version} and push it`);
