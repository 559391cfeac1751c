import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
/** The formatter's width, which it does not hold comments to. */
const columns = Number(/"lineWidth": (\d+)/.exec(readFileSync(join(root, "biome.json"), "utf8"))?.[1]);

/** What cannot be broken: an address, a command line, a table's row, a directive, one word. */
const UNBROKEN =
  /https?:\/\/|^\s*(\/\/|\*) +(npm|node) |^\s*\/\/ (#include|biome-ignore|Used by:)|^\s*(\/\/|\*) *\|/;

const folders = [
  "src",
  "test",
  "scripts",
  "bench",
  "wasm",
  "demo",
  "examples",
  "shaders",
  "docs/site",
].filter((folder) => existsSync(join(root, folder)));
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|js|mjs|wgsl)$/.test(name) && !/node_modules|generated|\bout\b/.test(name))
    .map((name) => join(folder, name)),
);

test("comments are wrapped at the formatter's width", () => {
  expect(files.length).toBeGreaterThan(800);
  const long = files.flatMap((file) => {
    const lines = readFileSync(join(root, file), "utf8").split("\n");
    return lines.flatMap((line, i) => {
      const isComment = /^\s*(\/\/|\/\*\*?|\*) /.test(line);
      return isComment && line.length > columns && !UNBROKEN.test(line) ? [`${file}:${i + 1}`] : [];
    });
  });
  expect(long).toEqual([]);
});
