import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inject } from "vitest";

const example = resolve(import.meta.dirname, "../../../examples/webpack");

/**
 * The source of the webpack example as a page without a bundler: the library comes from an address, the
 * engine with options.
 */
export function plainPage(library: string, options = `{ device: "gpu", software: "fallback" }`): string {
  const folder = mkdtempSync(join(inject("projects"), "page-"));
  const copy = (from: string, to: string, changes: readonly (readonly [string, string])[]) => {
    let text = readFileSync(join(example, from), "utf8");
    for (const [before, after] of changes) {
      if (!text.includes(before)) throw new Error(`${from} has no ${before}`);
      text = text.replace(before, () => after);
    }
    writeFileSync(join(folder, to), text);
  };
  copy("index.html", "index.html", [["dist/main.js", "main.js"]]);
  copy("style.css", "style.css", []);
  copy("src/index.js", "main.js", [
    [`from "hounsfield"`, `from ${JSON.stringify(library)}`],
    [`openEngine({ device: "gpu", software: "fallback" })`, `openEngine(${options})`],
  ]);
  return folder;
}

/** Where the packed library lies, for servers. */
export function packageFolder(): string {
  return join(inject("installed"), "hounsfield");
}
