import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { usualStepOf } from "../../src/dicom/geometry/tolerance.js";
import { type CtFields, ctSource } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";

// Every number that docs/series.md states, from just inside and just outside.

/** Slices at (x, z), 2 mm thick, pixels of 0.5 by 0.75 mm; Slice Location equals z. */
function slicesAt(
  places: readonly (readonly [x: number, z: number])[],
  fields: (i: number, z: number) => CtFields = () => ({}),
): ByteSource[] {
  return places.map(([x, z], i) =>
    ctSource(`${i}.dcm`, {
      "0020,0032": `${x}\\-20\\${z}`,
      "0020,1041": String(z),
      "0018,0050": "2",
      ...fields(i, z),
    }),
  );
}

const column = (zs: readonly number[]) => zs.map((z) => [-10, z] as const);
const FIVE = column([30, 32, 34, 36, 38]);

/** Diagnostics of the one series, or what its refusal says would repair it. */
async function verdictOf(
  sources: readonly ByteSource[],
): Promise<{ codes?: string[]; allow?: readonly string[] }> {
  try {
    const [{ diagnostics }] = await readSeries(sources);
    return { codes: diagnostics.map(({ code }) => code) };
  } catch (error) {
    if (isHounsfieldError(error, "unfaithful-geometry")) return { allow: error.fields.allow ?? [] };
    throw error;
  }
}

const fine = { codes: [] };

describe("an even grid", () => {
  const moved = (step: number, off: number) =>
    slicesAt(column([0, 1, 2, 3, 4].map((k) => k * step + (k === 2 ? off : 0))), () => ({
      "0018,0050": String(step),
    }));

  test.each([
    [2, 0.0199, 0.0201, "1 % of the step"],
    [0.5, 0.0099, 0.0101, "0.01 mm for positions of two decimals"],
  ])("steps of %s mm: off by %s mm is even, by %s is said (%s)", async (step, inside, outside) => {
    expect(await verdictOf(moved(step, inside))).toEqual(fine);
    // Refused until issue 15: other readers load these, so a needless refusal.
    expect(await verdictOf(moved(step, outside))).toEqual({ codes: ["slices-uneven"] });
  });

  test.each([
    [2, 0.0999, 0.1001],
    [0.5, 0.02499, 0.02501],
    [0.1, 0.00499, 0.00501],
  ])(
    "steps of %s mm: off by %s mm is taken as even, by %s is not (5 % of a step)",
    async (step, inside, outside) => {
      const { codes } = await verdictOf(moved(step, inside));
      expect(codes).toEqual(step === 0.1 ? [] : ["slices-uneven"]);
      expect(await verdictOf(moved(step, outside))).toEqual({ allow: ["irregular"] });
    },
  );

  test("a slice a tenth of a pixel aside lies in the stack, one farther aside does not", async () => {
    const aside = (mm: number) => FIVE.map(([x, z], i) => [i === 2 ? x + mm : x, z] as const);
    expect(await verdictOf(slicesAt(aside(0.049)))).toEqual(fine);
    // A slanted line still passes all five within the tolerance.
    expect(await verdictOf(slicesAt(aside(0.051)))).toEqual({ allow: ["tilt"] });
    expect(await verdictOf(slicesAt(aside(0.2)))).toEqual({ allow: ["irregular"] });
  });

  test("the usual step is one that a quarter of the steps have, not fewer", () => {
    expect(usualStepOf([2, 3, 4.3, 5.9])).toBe(2);
    expect(usualStepOf([2, 3, 4.3, 5.9, 7.1])).toBe(4.3);
  });

  test.each([
    [4.9, "2", ["irregular"]],
    [5.1, "2", ["irregular", "gaps"]],
    [5.1, "3.3", ["irregular", "gaps"]],
    [5.1, "3.5", ["irregular"]],
  ])(
    "a step of %s mm between slices %s mm thick, where the step is 2 mm, needs %s",
    async (step, thick, allow) => {
      const zs = column([30, 32, 34, 36, 38, 38 + step, 40 + step, 42 + step]);
      expect(await verdictOf(slicesAt(zs, () => ({ "0018,0050": thick })))).toEqual({ allow });
    },
  );

  test.each([
    [44.9, ["tilt"]],
    [45.1, []],
  ])("a stack that leans %s degrees may be repaired by %s", async (degrees, allow) => {
    const lean = Math.tan((degrees * Math.PI) / 180);
    const places = FIVE.map(([x, z]) => [x + lean * (z - 30), z] as const);
    expect(await verdictOf(slicesAt(places, () => ({ "0020,1041": "" })))).toEqual({ allow });
  });
});

describe("what is said beside the grid", () => {
  test("Slice Location in two slices alike: repeated", async () => {
    const repeated = (i: number, z: number) => ({ "0020,1041": String(i === 3 ? 34 : z) });
    expect(await verdictOf(slicesAt(FIVE, repeated))).toEqual({ codes: ["slice-location-repeated"] });
  });

  test("Slice Location may differ by 0.1 mm, not by more", async () => {
    const off = (mm: number) => (i: number, z: number) => ({ "0020,1041": String(i === 2 ? z + mm : z) });
    expect(await verdictOf(slicesAt(FIVE, off(0.1)))).toEqual(fine);
    expect(await verdictOf(slicesAt(FIVE, off(0.11)))).toEqual({ codes: ["slice-location-disagrees"] });
  });

  test("Gantry/Detector Tilt may differ from the positions by half a degree, not by more", async () => {
    const tilt = (degrees: number) => () => ({ "0018,1120": String(degrees) });
    expect(await verdictOf(slicesAt(FIVE, tilt(0.5)))).toEqual(fine);
    expect(await verdictOf(slicesAt(FIVE, tilt(-0.5)))).toEqual(fine);
    expect(await verdictOf(slicesAt(FIVE, tilt(0.51)))).toEqual({ codes: ["gantry-tilt-disagrees"] });
  });

  test.each([
    ["2.04", undefined],
    ["2.06", "slices-overlap"],
    ["1.96", undefined],
    ["1.94", "slices-apart"],
  ])("slices %s mm thick, 2 mm from one to the next: %s", async (thickness, code) => {
    const thick = () => ({ "0018,0050": thickness });
    expect(await verdictOf(slicesAt(FIVE, thick))).toEqual({ codes: code ? [code] : [] });
  });

  test("Slice Thickness may vary by 0.05 mm, not by more", async () => {
    const one = (thickness: string) => (i: number) => ({ "0018,0050": i === 2 ? thickness : "2" });
    expect(await verdictOf(slicesAt(FIVE, one("2.04")))).toEqual(fine);
    expect(await verdictOf(slicesAt(FIVE, one("2.06")))).toEqual({ codes: ["slice-thickness-varies"] });
  });

  test("images of one Series UID in two orientations are two series, and each says so", async () => {
    const coronal = (i: number) => (i > 2 ? { "0020,0037": "1\\0\\0\\0\\0\\-1", "0020,1041": "" } : {});
    const places = [...FIVE.slice(0, 3), [-10, 40], [-10, 40]].map(([x, z]) => [x, z] as const);
    const sources = slicesAt(places, (i) => ({
      ...coronal(i),
      ...(i > 2 && { "0020,0032": `-10\\${2 * i}\\40` }),
    }));
    const series = await readSeries(sources);
    expect(series.map(({ slices }) => slices.length).sort()).toEqual([2, 3]);
    for (const { diagnostics } of series)
      expect(diagnostics.map(({ code }) => code)).toContain("series-split");
  });
});
