import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { LungFlag, LungQuality, LungsFound } from "../../src/recipes/lung_mask/judge.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { type CtEngine, withDecoder } from "../../src/volume/ct_engine.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { channelWorker } from "../support/channel_worker.js";
import { corpusFolderSources, hasCorpus } from "../support/dicom_data.js";
import { generatedCase } from "../support/generated_chest.js";
import { lungsOf, plainDice } from "../support/lung_agreement.js";
import { averaged, type LungCase, patientCase } from "../support/lung_cases.js";
import { type Derived, derivedCases } from "../support/lung_table.js";
import { readSeries } from "../support/read_series.js";
import { hasPatients, type Patient, patients } from "../support/real_patients.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

// Real chests at full size, and what studies make of them, against the stored references; docs/lung-mask.md
// has the table of all cases.

let engine: CtEngine;
const wholes = new Map<Patient, LungCase>();
/** Of 2 x 2 pixels in one: the same shapes in a quarter of the time. */
const halved = new Map<Patient, LungCase>();
beforeAll(async () => {
  const decoder = createDecodePool({ spawn: () => channelWorker(), size: 1, shareMemory: false });
  engine = withDecoder(await createCpuEngine(), decoder);
  if (!hasPatients) return;
  for (const patient of patients) {
    const whole = patientCase(patient);
    wholes.set(patient, whole);
    halved.set(patient, averaged(whole, [2, 2, 1]));
  }
});
afterAll(() => engine.destroy());

async function made(name: string, patient: Patient, of = wholes): Promise<LungCase> {
  const whole = of.get(patient);
  if (!whole) throw new Error(`no ${patient}`);
  return derived(name).make(whole, engine);
}

function derived(name: string): Derived {
  const one = derivedCases.find((one) => one.name === name);
  if (!one) throw new Error(`no case "${name}"`);
  return one;
}

function found(quality: LungQuality): LungsFound {
  if (quality.verdict !== "lungs") throw new Error(`no lungs: ${JSON.stringify(quality)}`);
  return quality;
}

const flags = { P001: ["cut-below"], cap001: ["dense"] } as const;

describe.skipIf(!hasPatients).each(patients)("%s as scanned (needs ../shared/data)", (patient) => {
  test("has the reference's lungs, on their sides, without airways", async () => {
    const { right, left, quality } = await lungsOf(engine, await made("as scanned", patient));
    for (const side of [right, left]) {
      expect(side.dice).toBeGreaterThanOrEqual(0.985);
      expect(Math.abs(side.volumeRatio - 1)).toBeLessThanOrEqual(0.02);
      expect(side.areaCorrelation).toBeGreaterThanOrEqual(0.999);
    }
    expect(found(quality).airwaysMl).toBeGreaterThanOrEqual(24);
    expect(found(quality).airwaysMl).toBeLessThanOrEqual(84);
    expect(found(quality).flags).toEqual(flags[patient]);
  });
});

/** Case, patient, least Dice of right and left, flags that must be among those raised. */
type Bound = readonly [string, Patient, number, number, readonly LungFlag[]];

describe.skipIf(!hasPatients)(
  "what studies make of a chest, of 2 x 2 pixels in one (needs ../shared/data)",
  () => {
    test.each<Bound>([
      ["slices of 5 times the thickness", "P001", 0.985, 0.985, []],
      ["slices of 5 times the thickness", "cap001", 0.98, 0.985, []],
      ["slices of 4 times the thickness", "cap001", 0.975, 0.98, []],
      ["emphysema, all lowered by 140 HU", "P001", 0.99, 0.99, ["cut-below"]],
      ["emphysema, all lowered by 201 HU", "cap001", 0.99, 0.99, ["dense"]],
      ["emphysema, left lung lowered by 120 HU", "P001", 0.99, 0.99, ["cut-below"]],
      ["emphysema, lower half by 140 HU", "P001", 0.99, 0.99, ["cut-below"]],
      ["every 5th slice, gaps between", "cap001", 0.96, 0.985, []],
      ["8 slices of the middle", "cap001", 0.98, 0.98, ["cut-below", "cut-above"]],
      ["noise of 100 HU added", "cap001", 0.99, 0.99, []],
      ["prone, feet first", "P001", 0.99, 0.99, ["cut-below"]],
      ["right quarter of the field cut off", "P001", 0.99, 0.99, ["cut-by-field", "asymmetric"]],
      ["0 HU beyond a round field of 0.98", "P001", 0.99, 0.99, ["padding"]],
      ["right half of the picture", "cap001", 0.97, Number.NaN, ["one-lung", "cut-by-field"]],
      ["left half of the picture", "P001", Number.NaN, 0.97, ["one-lung", "cut-by-field"]],
      ["heart's field, cut in every slice", "P001", 0.97, 0.97, ["cut-by-field"]],
      ["middle third", "P001", 0.985, 0.985, ["cut-below", "cut-above"]],
      ["lungs that touch over a third", "cap001", 0.99, 0.99, []],
      ["effusion, right, 400 ml", "P001", 0.99, 0.99, ["uneven-backs"]],
      ["left lung full of fluid", "P001", 0.99, Number.NaN, ["one-lung"]],
      ["consolidation, left, 60 mm around the pleura", "P001", 0.99, 0.93, ["uneven-backs"]],
    ])("%s: %s", async (name, patient, leastRight, leastLeft, raised) => {
      const { right, left, quality } = await lungsOf(engine, await made(name, patient, halved));
      if (!Number.isNaN(leastRight)) expect(right.dice).toBeGreaterThanOrEqual(leastRight);
      if (!Number.isNaN(leastLeft)) expect(left.dice).toBeGreaterThanOrEqual(leastLeft);
      expect(found(quality).flags).toEqual(expect.arrayContaining([...raised]));
    });

    test("bases and abdomen: bowel gas stays out, where the plain recipe takes it in", async () => {
      const one = await made("bases and abdomen, colon joined to the left lung", "cap001");
      const { right, left } = await lungsOf(engine, one);
      expect(right.dice).toBeGreaterThanOrEqual(0.9);
      expect(left.dice).toBeGreaterThanOrEqual(0.9);
      expect(await plainDice(engine, one)).toBeLessThan(0.9);
    });
  },
);

describe("the generated chest", () => {
  const chest = generatedCase([192, 192, 96]);
  test.each<readonly [string, number, number, readonly LungFlag[]]>([
    ["generated, emphysema, all lowered by 140 HU", 0.985, 0.985, []],
    ["generated, slices of 8 mm", 0.98, 0.98, []],
    ["generated, bases and abdomen with colon", 0.96, 0.9, ["cut-above"]],
    ["generated, left half of the picture", Number.NaN, 0.98, ["one-lung"]],
  ])("%s", async (name, leastRight, leastLeft, raised) => {
    const { right, left, quality } = await lungsOf(engine, await derived(name).make(chest, engine));
    if (!Number.isNaN(leastRight)) expect(right.dice).toBeGreaterThanOrEqual(leastRight);
    if (!Number.isNaN(leastLeft)) expect(left.dice).toBeGreaterThanOrEqual(leastLeft);
    expect(found(quality).flags).toEqual(expect.arrayContaining([...raised]));
  });

  test("airways that leak into the lung by thin ways end within twice those of people", async () => {
    const name = "airways that leak into the right lung, cubes of 1.5 mm";
    const { right, quality } = await lungsOf(engine, await derived(name).make(chest, engine));
    expect(found(quality).airwaysMl).toBeGreaterThanOrEqual(24);
    expect(found(quality).airwaysMl).toBeLessThanOrEqual(90);
    expect(right.dice).toBeGreaterThanOrEqual(0.97);
  });
});

describe("no chest", () => {
  test("a phantom of water with rods in it", async () => {
    const grid = gridOf([128, 128, 40], [2, 2, 5]);
    const rods = [
      [-1000, 40, 64, 5],
      [-1000, 88, 64, 5],
      [120, 64, 40, 6],
      [-100, 64, 88, 6],
    ] as const;
    const hu = Int16Array.from({ length: 128 * 128 * 40 }, (_, i) => {
      const [x, y] = [i % 128, Math.floor(i / 128) % 128];
      const rod = rods.find(([, u, v, radius]) => Math.hypot(x - u, y - v) < radius);
      return Math.hypot(x - 64, y - 64) > 50 ? -1000 : (rod?.[0] ?? 0);
    });
    using volume = await uploadVolume(engine, grid, hu);
    using mask = await lungMask(volume);
    expect(mask.quality).toEqual({ verdict: "no-lungs", reason: "no-lung-sized-air" });
    expect((await mask.readLabels()).every((label) => label === 0)).toBe(true);
  });

  test.skipIf(!hasCorpus).each([
    ["totalseg-j2k", "an abdomen", "no-lung-sized-air"],
    ["philips-tilt", "a head", "no-lung-sized-air"],
    ["ge-tilt-irregular", "a head", "no-lung-sized-air"],
  ])("%s, %s (needs ../shared/data)", async (folder, _, reason) => {
    expect(await qualityOf(folder)).toEqual({ verdict: "no-lungs", reason });
  });

  test.skipIf(!hasCorpus)("but 11 slices of one, on foam, are lungs (needs ../shared/data)", async () => {
    const { right, left, flags } = found(await qualityOf("lidc-0003-chest"));
    expect(flags).toEqual(["cut-below", "cut-above"]);
    expect(right.ml / left.ml).toBeGreaterThan(0.8);
    expect(right.ml / left.ml).toBeLessThan(1.2);
  });
});

async function qualityOf(folder: string): Promise<LungQuality> {
  const series = await readSeries(corpusFolderSources(folder), { allow: ["tilt", "irregular"] });
  const largest = series.reduce((a, b) => (b.slices.length > a.slices.length ? b : a));
  using volume = await loadVolume(engine, largest);
  using mask = await lungMask(volume);
  return mask.quality;
}
