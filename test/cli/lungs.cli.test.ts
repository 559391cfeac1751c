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
  expect(right.density.meanHu).toBeGreaterThan(-900);
  expect(right.density.meanHu).toBeLessThan(-700);
  expect(right.density.above500Percent).toBeGreaterThan(1);
  expect(report.lungNotes).toHaveLength(report.lungQuality.flags.length);
  expect(report.diagnostics).toEqual([]);
  // To the nearest tenth: slices of 8 mm are coarse.
  expect(right.ml / ml(1, truth)).toBeCloseTo(1, 1);
  expect(left.ml / ml(2, truth)).toBeCloseTo(1, 1);
});

test("without --json volumes and densities are printed", async () => {
  const study = temporaryFolder();
  const chest = chestPhantom({ size: [96, 96, 36] });
  for (const { name, bytes } of phantomSeries(chest)) writeFileSync(join(study, name), bytes);
  const { code, stdout } = await hounsfield([
    "preprocess",
    study,
    "--out",
    temporaryFolder(),
    "--lungs",
    "--only",
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/lungs +ml +mean HU +LAA-950 % +-700 to -500 % +above -500 %/);
  for (const part of ["right", "left", "both"])
    expect(stdout).toMatch(new RegExp(`^${part} +\\d{4} +-7\\d\\d `, "m"));
});

test("a study without lungs is said loudly: the mask is all zeros", async () => {
  const study = temporaryFolder();
  // The lowest slices of the chest: liver and stomach.
  const chest = chestPhantom({ size: [64, 64, 12], spacingMm: [5.6, 5.6, 1] });
  for (const { name, bytes } of phantomSeries(chest)) writeFileSync(join(study, name), bytes);
  const out = temporaryFolder();
  const { code, stdout } = await hounsfield(["preprocess", study, "--out", out, "--lungs"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/warning: No lungs: .*lungs\.npy is all zeros/);
  const report = readJson(join(out, "report.json"));
  expect(report.lungQuality.verdict).toBe("no-lungs");
  expect(report.diagnostics).toEqual([expect.objectContaining({ severity: "warning", code: "no-lungs" })]);
  expect(parseNpy(readFileSync(join(out, "lungs.npy"))).data.every((label) => label === 0)).toBe(true);
});
