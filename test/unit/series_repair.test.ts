import { afterEach, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { positionMm } from "../../src/core/grid.js";
import { createDecodePool, type DecodePool } from "../../src/decode/pool/pool.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import { provenanceOf } from "../../src/dicom/geometry/regrid_plan.js";
import type { Series } from "../../src/dicom/series/list_series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { channelWorker } from "../support/channel_worker.js";
import { type Point, positionsFrom, ramp, stackFiles } from "../support/generated_stack.js";
import { plainEngine } from "../support/plain_engine.js";
import { readSeries } from "../support/read_series.js";

const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

async function load(sources: readonly ByteSource[], allow: readonly Repair[] = []) {
  const [series] = await readSeries(sources, { allow });
  const pool = createDecodePool({ spawn: () => channelWorker(), size: 2 });
  pools.push(pool);
  const volume = await loadVolume(plainEngine(pool), series);
  return { series, hu: await volume.read() };
}

/**
 * Every voxel that has a value is the ramp at its own place in the patient, within the rounding of stored
 * values and of the result; every other is air. Returns how many there are of both.
 */
function expectRamp({ grid, resampling, units }: Series, hu: Int16Array) {
  expect(units).toBe("HU");
  const [columns, rows, slices] = grid.size;
  let inside = 0;
  let outside = 0;
  let worst = 0;
  for (let z = 0, at = 0; z < slices; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, at++) {
        const isInside = !resampling || provenanceOf(resampling, [x, y, z]) !== "outside";
        const wanted = isInside ? ramp(positionMm(grid, [x, y, z])) : -1024;
        worst = Math.max(worst, Math.abs(hu[at] - wanted));
        if (isInside) inside++;
        else outside++;
      }
    }
  }
  expect(worst).toBeLessThan(1.1);
  return { inside, outside };
}

const refusal = (sources: readonly ByteSource[]) =>
  readSeries(sources).then(
    () => expect.unreachable(),
    (error: { code: string; message: string; fields: { allow?: readonly string[] } }) => error,
  );

const tiltOf = (degrees: number): number[] => {
  const angle = (degrees * Math.PI) / 180;
  return [1, 0, 0, 0, Math.cos(angle), -Math.sin(angle)];
};

describe("a tilted gantry: the table moves along z, planes lean", () => {
  test.each([18.5, -18.5, 5, -30])(
    "%s degrees: shear removed, all in place, nothing lost",
    async (degrees) => {
      const positions = positionsFrom([-10, -20, 30], [0, 0, 2], 12);
      const sources = stackFiles({ positions, orientation: tiltOf(degrees), columns: 9, rows: 20 });
      const error = await refusal(sources);
      expect(error.fields.allow).toEqual(["tilt"]);
      expect(error.message).toMatch(new RegExp(`${Math.abs(degrees).toFixed(2)} degrees`));
      const { series, hu } = await load(sources, ["tilt"]);
      const { inside, outside } = expectRamp(series, hu);
      expect(series.grid.size.slice(0, 3)).toEqual([9, expect.any(Number), 12]);
      // Of each moved slice, the one row that only one neighbor of is measured has no value.
      expect(inside).toBeGreaterThanOrEqual(9 * 19 * 12);
      expect(outside).toBeGreaterThan(0);
      expect(series.layout?.shearDegrees).toBeCloseTo(-degrees, 6);
      expect(series.diagnostics.map(({ code }) => code)).toContain("resampled-tilt");
      const upright = series.grid.spacingMm[2];
      expect(upright).toBeCloseTo(2 * Math.cos((degrees * Math.PI) / 180), 9);
    },
  );

  test("a table that moves sideways along rows, and both at once", async () => {
    for (const step of [
      [0.3, 0, 2],
      [-0.4, 0.5, 2],
    ] as Point[]) {
      const sources = stackFiles({ positions: positionsFrom([1, 2, 3], step, 8), columns: 15, rows: 12 });
      const { series, hu } = await load(sources, ["tilt"]);
      expectRamp(series, hu);
      expect(series.grid.size[0]).toBeGreaterThan(15);
    }
  });

  test("shifts by whole pixels are measured values, moved", async () => {
    const sources = stackFiles({ positions: positionsFrom([0, 0, 0], [0, 0.75, 2], 5) });
    const { series, hu } = await load(sources, ["tilt"]);
    expect(series.resampling?.slices.every((slice) => slice.measured)).toBe(true);
    expect(expectRamp(series, hu)).toEqual({ inside: 5 * 48, outside: 5 * 4 * 8 });
    expect([0, 3, 4, 9].map((y) => provenanceOf(series.resampling!, [7, y, 4]))).toEqual([
      ...["outside", "outside"],
      ...["measured", "measured"],
    ]);
  });

  test("the attribute decides nothing; where positions show something else, it is said", async () => {
    const codes = async (tilt: string, degrees: number, allow: Repair[]) => {
      const positions = positionsFrom([0, 0, 0], [0, 0, 2], 5);
      const orientation = tiltOf(degrees);
      const fields = () => ({ "0018,1120": tilt });
      const [series] = await readSeries(stackFiles({ positions, orientation, fields }), { allow });
      return series.diagnostics.map(({ code }) => code).filter((code) => code.startsWith("gantry"));
    };
    expect(await codes("18.5", 0, [])).toEqual(["gantry-tilt-disagrees"]);
    expect(await codes("0", 18.5, ["tilt"])).toEqual(["gantry-tilt-disagrees"]);
    expect(await codes("-18.5", 18.5, ["tilt"])).toEqual([]);
    expect(await codes("0.4", 0, [])).toEqual([]);
  });

  test("slices that lean more than any gantry are refused whatever is allowed", async () => {
    const sources = stackFiles({ positions: positionsFrom([0, 0, 0], [0, 3, 2], 5) });
    expect((await refusal(sources)).fields.allow).toBeUndefined();
    await expect(readSeries(sources, { allow: ["tilt", "irregular", "gaps"] })).rejects.toMatchObject({
      code: "unfaithful-geometry",
    });
  });
});

describe("steps that are not even", () => {
  const at = (zs: readonly number[]): Point[] => zs.map((z) => [-3, 4, z]);

  test("missing slices are filled and flagged, the others untouched", async () => {
    const sources = stackFiles({ positions: at([0, 2, 4, 10, 12, 16]) });
    expect((await refusal(sources)).message).toMatch(/3 slices are missing$/);
    const { series, hu } = await load(sources, ["gaps"]);
    expect(series.grid).toMatchObject({ size: [8, 6, 9], spacingMm: [0.5, 0.75, 2], originMm: [-3, 4, 0] });
    expect(series.resampling?.slices.map((slice) => slice.measured)).toEqual(
      [0, 1, 2, 5, 6, 8].reduce((flags, z) => flags.with(z, true), Array(9).fill(false)),
    );
    expect(expectRamp(series, hu)).toEqual({ inside: 9 * 48, outside: 0 });
    await expect(readSeries(sources, { allow: ["irregular", "tilt"] })).rejects.toMatchObject({
      fields: { allow: ["gaps"] },
    });
  });

  test("irregular steps: the common one, from the longest even run", async () => {
    const sources = stackFiles({ positions: at([0, 1.7, 3.7, 5.7, 7.7, 10.2, 12.3]) });
    expect((await refusal(sources)).fields.allow).toEqual(["irregular"]);
    const { series, hu } = await load(sources, ["irregular"]);
    expect(series.grid.spacingMm[2]).toBeCloseTo(2, 6);
    expect(series.grid.originMm[2]).toBeCloseTo(1.7, 6);
    expect(series.resampling?.slices.map((slice) => slice.measured)).toEqual([
      ...[true, true, true, true],
      ...[false, false],
    ]);
    expectRamp(series, hu);
  });

  test("thin after thick: the thin step, so that nothing thin is lost", async () => {
    const sources = stackFiles({ positions: at([0, 5, 10, 15, 16, 17, 18, 19]) });
    const { series, hu } = await load(sources, ["irregular", "gaps"]);
    expect(series.grid.size[2]).toBe(20);
    expectRamp(series, hu);
  });

  test("a hole among irregular steps needs both", async () => {
    const sources = stackFiles({ positions: at([0, 2, 4, 6.3, 8.3, 30.1, 32.1]) });
    expect((await refusal(sources)).fields.allow).toEqual(["irregular", "gaps"]);
    await expect(readSeries(sources, { allow: ["irregular"] })).rejects.toThrow(/hole/);
    const { series, hu } = await load(sources, ["irregular", "gaps"]);
    expectRamp(series, hu);
  });

  test("tilt and irregular steps together, as a head of two thicknesses", async () => {
    const zs = [0, 4.22, 8.44, 12.66, 13.8, 21.18, 28.56, 35.94];
    const sources = stackFiles({ positions: at(zs), orientation: tiltOf(18.5), rows: 24 });
    expect((await refusal(sources)).fields.allow).toEqual(["tilt", "irregular"]);
    const { series, hu } = await load(sources, ["tilt", "irregular"]);
    expectRamp(series, hu);
    expect(series.diagnostics.map(({ code }) => code).filter((code) => code.startsWith("resampled"))).toEqual(
      ["resampled-tilt", "resampled-irregular"],
    );
  });

  test("a patient moved in the plane: each slice goes where its own position says", async () => {
    const positions = at([0, 2, 4, 6, 8]).map((point, k): Point => (k === 2 ? [-2.2, 4.4, point[2]] : point));
    const sources = stackFiles({ positions });
    expect((await refusal(sources)).fields.allow).toEqual(["irregular"]);
    const { series, hu } = await load(sources, ["irregular"]);
    expectRamp(series, hu);
  });

  test("a hole with two ends is no volume", async () => {
    const sources = stackFiles({ positions: at([0, 0.1, 0.2, 0.3, 900, 900.1]) });
    await expect(readSeries(sources, { allow: ["gaps", "irregular"] })).rejects.toMatchObject({
      code: "limit-exceeded",
    });
  });

  test("so is one that ends a million kilometers away, or lies as far aside", async () => {
    const far = stackFiles({ positions: at([0, 2, 4, 6, 1e12]) });
    const aside = stackFiles({ positions: [...at([0, 2, 4, 6]), [1e12, 4, 8]] });
    for (const sources of [far, aside]) {
      await expect(readSeries(sources, { allow: ["gaps", "irregular"] })).rejects.toMatchObject({
        code: "limit-exceeded",
      });
    }
  });

  test("what lies aside by less than the tolerance is not moved when steps are repaired", async () => {
    const positions = at([0, 2, 4, 8, 10]).map(([x, y, z], k): Point => [x + 0.01 * (k % 2), y, z]);
    const { series } = await load(stackFiles({ positions }), ["gaps"]);
    expect(series.grid.size).toEqual([8, 6, 6]);
    expect(series.resampling?.slices.map(({ measured }) => measured)).toEqual(
      [0, 1, 2, 3, 4, 5].map((z) => z !== 3),
    );
  });

  test("an abort while resampling rejects with its reason", async () => {
    const [series] = await readSeries(stackFiles({ positions: at([0, 2, 4, 8, 10]) }), { allow: ["gaps"] });
    const pool = createDecodePool({ spawn: () => channelWorker(), size: 1 });
    pools.push(pool);
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 2 && stop.abort("enough");
    const aborted = loadVolume(plainEngine(pool), series, { signal: stop.signal, onProgress });
    await expect(aborted).rejects.toBe("enough");
  });

  test("an unknown repair is an invalid option", async () => {
    const allow = ["bend"] as unknown as Repair[];
    await expect(readSeries(stackFiles({ positions: at([0, 2]) }), { allow })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });

  test("what needs no repair is not resampled, whatever is allowed", async () => {
    const sources = stackFiles({ positions: at([0, 2, 4]) });
    const { series, hu } = await load(sources, ["gaps", "irregular", "tilt"]);
    expect(series.resampling).toBeUndefined();
    expect(expectRamp(series, hu)).toEqual({ inside: 144, outside: 0 });
  });
});

describe("planes of any direction", () => {
  const half = Math.SQRT1_2;
  test.each<[string, readonly number[], Point]>([
    ["axial, feet first, prone", [-1, 0, 0, 0, -1, 0], [0, 0, 2]],
    ["axial, rows to the right", [-1, 0, 0, 0, 1, 0], [0, 0, -2]],
    ["decubitus, rows to the back", [0, 1, 0, -1, 0, 0], [0, 0, 2]],
    ["sagittal", [0, 1, 0, 0, 0, -1], [-2, 0, 0]],
    ["coronal", [1, 0, 0, 0, 0, -1], [0, 2, 0]],
    ["double oblique", [half, half, 0, -0.5, 0.5, -half], [-1, 1, half * 2]],
  ])("%s: every voxel where the headers have it, in either order of files", async (_, orientation, step) => {
    for (const sign of [1, -1]) {
      const moved = step.map((mm) => mm * sign) as unknown as Point;
      const sources = stackFiles({ positions: positionsFrom([5, -7, 11], moved, 5), orientation });
      const { series, hu } = await load(sources);
      expectRamp(series, hu);
      const [a, b, c, d, e, f, g, h, i] = series.grid.direction;
      const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
      expect(determinant).toBeCloseTo(1, 9);
    }
  });

  test("cosines of three digits leave the normal as uncertain as that, and no more", async () => {
    const angle = (20 * Math.PI) / 180;
    const normal: Point = [0, Math.sin(angle), Math.cos(angle)];
    const exact = [1, 0, 0, 0, Math.cos(angle), -Math.sin(angle)];
    const rounded = exact.map((cosine) => Number(cosine.toFixed(3)));
    const positions = positionsFrom([0, 0, 0], normal.map((mm) => mm * 2) as unknown as Point, 120);
    const [series] = await readSeries(stackFiles({ positions, orientation: rounded }));
    expect(series.grid.size[2]).toBe(120);
    expect(series.grid.spacingMm[2]).toBeCloseTo(2, 3);
    const tilted = positionsFrom([0, 0, 0], [0, 0, 2], 120);
    await expect(readSeries(stackFiles({ positions: tilted, orientation: rounded }))).rejects.toThrow(
      /degrees/,
    );
  });
});
