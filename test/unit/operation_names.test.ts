import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";

// An operation is found by its name: CONTRIBUTING.md, "An operation, in five files"; docs/operations.md is
// the table.

const root = join(import.meta.dirname, "../..");
const index = readFileSync(join(root, "src/ops/index.ts"), "utf8");

/** Names of the functions that a source exports, by its path in src/ops. */
const operations = [...index.matchAll(/export \{([^}]*)\} from "\.\/(\w+\/[^"]+)\.js"/g)]
  .map(([, list, path]) => ({
    path,
    names: list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => /^[a-z]\w+$/.test(name)),
  }))
  .filter(({ names }) => names.length > 0);

/** Several that differ in one argument of one function, or that make one thing: named by what they share. */
const families: Readonly<Record<string, readonly string[]>> = {
  intensity: ["ctNormalization", "scaleIntensityRange"],
  morphology: ["closing", "dilate", "erode", "opening"],
  value_table: ["byteTable", "floatTable", "huTable"],
};

const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".test.ts"),
);
/**
 * Judged with what they are made for: counts with the threshold, tables with the map; crop, pad and reorient
 * with resample.
 */
const judgedWithOthers = [
  "count_voxels",
  "crop",
  "label_mask",
  "label_statistics",
  "mask_label_slabs",
  "pad",
  "reorient",
  "value_table",
];

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

test("all operations are seen", () => {
  expect(operations.length).toBeGreaterThanOrEqual(38);
  expect(operations.flatMap(({ names }) => names).length).toBeGreaterThan(50);
});

test.each(operations)("$path is named by what it exports", ({ path, names }) => {
  const stem = basename(path);
  if (families[stem]) expect([...names].sort()).toEqual(families[stem]);
  else expect(names.map(snake)).toContain(stem);
});

test.each(operations)("$path has a test of its name", ({ path }) => {
  const stem = basename(path);
  const own = tests.filter((name) => basename(name).startsWith(`${stem}.`));
  expect(own.length > 0).toBe(!judgedWithOthers.includes(stem));
});

test("every kernel of an operation has its CPU body by the same name, and both say who runs them", () => {
  const kernels = readdirSync(join(root, "shaders"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".wgsl") && !/(^|\/)common\//.test(name) && !name.startsWith("render/"),
  );
  expect(kernels.length).toBeGreaterThan(50);
  for (const kernel of kernels) {
    const body = join(root, "wasm/ops", kernel.replace(/\.wgsl$/, ".ts"));
    expect(existsSync(body), body).toBe(true);
    for (const path of [body, join(root, "shaders", kernel)]) {
      const [, by] = /^\/\/ Used by: (.+)\n/.exec(readFileSync(path, "utf8")) ?? [];
      expect(by, path).toBeDefined();
      for (const source of by.split(", ")) expect(existsSync(join(root, source)), source).toBe(true);
    }
  }
});

test("docs/operations.md is what the sources say: else `node scripts/operation-table.js`", () => {
  execFileSync(process.execPath, [join(root, "scripts/operation-table.js"), "--check"], { stdio: "pipe" });
});
