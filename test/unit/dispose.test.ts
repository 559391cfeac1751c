import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dispose } from "../../src/core/dispose.js";

test("`dispose` is the platform's symbol, and where it has none the one that compiled `using` looks for", () => {
  const isTakenAway = process.env.HOUNSFIELD_TEST_WITHOUT === "Symbol.dispose";
  expect(dispose).toBe(isTakenAway ? Symbol.for("Symbol.dispose") : Symbol.dispose);
});

test("nothing in src says `using` or Symbol.dispose, which Safari 26 and Firefox 140 lack", () => {
  const source = join(import.meta.dirname, "../../src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && name !== "core/dispose.ts",
  );
  const found = files.filter((file) => {
    const code = readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    return /\bSymbol\.(async)?dispose\b|\bDisposable\b|^\s*(await )?using \w+ =/im.test(code);
  });
  expect(files.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
