import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseNpy } from "../../src/formats/npy.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { hounsfield, readJson, temporaryFolder } from "../support/cli.js";

test("--lungs without a value writes right lung, left lung and airways, and what is known of them", async () => {
  const chest = chestPhantom({ size: [96, 96, 36] });
  const study = temporaryFolder();
  for (const { name, bytes } of phantomSeries(chest)) writeFileSync(join(study, name), bytes);
  const out = temporaryFolder();
  const { code, stderr } = await hounsfield(["preprocess", study, "--out", out, "--lungs", "--json"]);
  expect(stderr).toMatch(/lung mask +6\/6/);
  expect(code).toBe(0);
  const { shape, data } = parseNpy(readFileSync(join(out, "lungs.npy")));
  expect(shape).toEqual([36, 96, 96]);
  const ml = (label: number, voxels: ArrayLike<number>) => {
    const [sx, sy, sz] = chest.grid.spacingMm;
    return (Array.from(voxels).filter((one) => one === label).length * sx * sy * sz) / 1000;
  };
  const truth = Array.from({ length: 36 }, (_, k) => Array.from(chest.labels(k))).flat();
  const report = readJson(join(out, "report.json"));
  const { verdict, right, left, airwaysMl } = report.lungQuality;
  expect(verdict).toBe("lungs");
  expect([right.ml, left.ml, airwaysMl]).toEqual(
    [1, 2, 3].map((label) => expect.closeTo(ml(label, data), 6)),
  );
  expect(report.lungMl).toBeCloseTo(right.ml + left.ml, 6);
  expect(report.options.lungs).toBe("refined");
  // To the nearest tenth: slices of 8 mm are coarse.
  expect(right.ml / ml(1, truth)).toBeCloseTo(1, 1);
  expect(left.ml / ml(2, truth)).toBeCloseTo(1, 1);
});
