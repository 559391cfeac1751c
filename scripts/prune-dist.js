// Takes out of dist/ the modules that nothing reaches any more: those that went into bundles
// (scripts/build-bundles.js) and into nothing else.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** @param {string} folder @param {readonly string[]} entries */
export function pruneModules(folder, entries) {
  const reached = new Set();
  const visit = (/** @type {string} */ file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(file, "utf8");
    // Of imports, and of new URL("./x.js", import.meta.url).
    for (const [, path] of text.matchAll(/"(\.\.?\/[^"\n]+\.js)"/g)) {
      const target = join(dirname(file), path);
      if (existsSync(target)) visit(target);
    }
  };
  for (const entry of entries) visit(join(folder, entry));
  const modules = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(folder, name));
  const left = modules.filter((file) => !reached.has(file));
  for (const file of left) rmSync(file);
  return left;
}
