// @ts-check
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Installs what the package.json and package-lock.json of a folder name, into a temporary folder that the
 * next run finds again: tools of one stage, too large for everybody's `npm ci`. Install scripts do not run.
 * @param {string} from the folder
 * @param {string} name of the temporary folder
 * @returns {string} the folder that has node_modules
 */
export function installTools(from, name) {
  const lock = readFileSync(join(from, "package-lock.json"));
  const folder = join(tmpdir(), `${name}-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const partial = mkdtempSync(`${folder}-`);
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(from, file), join(partial, file));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: partial,
    stdio: ["ignore", "ignore", "inherit"],
  });
  // For other users too, as whom some tests run what is in it.
  chmodSync(partial, 0o755);
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another run was quicker.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
