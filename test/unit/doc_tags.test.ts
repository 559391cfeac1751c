import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".generated.ts"),
);

/** Folders in which some files still say it in prose: they are taken off this list as they are mended. */
const inProse = [
  ...["browser", "engine", "engine/cpu", "engine/gpu", "node", "node/cli", "volume", "phantom", "recipes"],
  ...["ops/mask", "ops/project", "ops/resample", "ops/value"],
  ...["render/texture", "render/texture/downsample", "render/view"],
];

test("what a function throws is said by @throws, where editors and the reference look for it", () => {
  const held = files.filter((name) => !inProse.includes(dirname(name).replaceAll("\\", "/")));
  expect(held.length).toBeGreaterThan(200);
  const prose = held.flatMap((name) =>
    readFileSync(join(src, name), "utf8")
      .split("\n")
      .flatMap((line, i) =>
        /^\s*(\/\*\*|\*) (.*[.:] )?Throws (`|as |what )/.test(line) ? [`${name}:${i + 1}`] : [],
      ),
  );
  expect(prose).toEqual([]);
});
