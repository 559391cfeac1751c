import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".generated.ts"),
);

test("what a function throws is said by @throws, where editors and the reference look for it", () => {
  expect(files.length).toBeGreaterThan(500);
  const prose = files.flatMap((name) =>
    readFileSync(join(src, name), "utf8")
      .split("\n")
      .flatMap((line, i) =>
        /^\s*(\/\*\*|\*) (.*[.:] )?Throws( (`|as\b|what )|$)/.test(line) ? [`${name}:${i + 1}`] : [],
      ),
  );
  expect(prose).toEqual([]);
});
