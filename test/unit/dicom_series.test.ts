import { describe, expect, test } from "vitest";
import { positionMm } from "../../src/core/grid.js";
import { rescaleOf } from "../../src/dicom/image/rescale.js";
import { readHeaders } from "../../src/dicom/series/read_headers.js";
import { type CtFields, ctSource } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";
import { codesOf, FIVE, only, slicesAt, zOf } from "../support/small_stacks.js";

describe("order and grid", () => {
  test("ascending Slice Location, whatever the order of files and names", async () => {
    for (const zs of [FIVE, [...FIVE].reverse(), [34, 38, 30, 36, 32]]) {
      const series = await only(slicesAt(zs));
      expect(series.slices.map(zOf)).toEqual(FIVE);
      expect(series).toMatchObject({
        ordering: "slice-location",
        diagnostics: [],
        modality: "CT",
        description: "Chest",
      });
      expect(series.grid).toEqual({
        size: [3, 2, 5],
        spacingMm: [0.5, 0.75, 2],
        originMm: [-10, -20, 30],
        direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      });
    }
  });

  test("a reversed Slice Location is no order: positions decide, and it is said", async () => {
    const series = await only(slicesAt(FIVE, (z) => ({ "0020,1041": String(100 - z) })));
    expect(series.slices.map(zOf)).toEqual(FIVE);
    expect(series.ordering).toBe("image-position");
    expect(series.diagnostics).toMatchObject([
      { severity: "warning", code: "slice-location-reversed", files: ["0-0.dcm", "676-4.dcm"] },
    ]);
    expect(series.grid.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const positions = series.slices.map((_, k) => positionMm(series.grid, [0, 0, k]));
    expect(positions).toEqual(series.slices.map((slice) => slice.imagePositionPatient));
  });

  test("an offset of Slice Location changes nothing, and is said", async () => {
    const series = await only(slicesAt(FIVE, (z) => ({ "0020,1041": String(z + 1000.05) })));
    expect(series.slices.map(zOf)).toEqual(FIVE);
    expect(series.ordering).toBe("slice-location");
    expect(series.diagnostics).toMatchObject([{ severity: "info", code: "slice-location-offset" }]);
    expect(series.diagnostics[0].message).toContain("plus 1000.05 mm");
  });

  test.each<[string, string, (z: number, i: number) => CtFields]>([
    ["in another order", "disagrees", (_, i) => ({ "0020,1041": String([3, 1, 4, 0, 2][i] * 2) })],
    ["in another unit", "disagrees", (_, i) => ({ "0020,1041": String(i) })],
    ["repeated", "repeated", () => ({ "0020,1041": "7" })],
  ])("Slice Location %s: positions decide, and it is said", async (_, what, fields) => {
    const series = await only(slicesAt([...FIVE].reverse(), fields));
    expect(series.slices.map(zOf)).toEqual(FIVE);
    expect(series.ordering).toBe("image-position");
    expect(series.diagnostics).toMatchObject([{ severity: "warning", code: `slice-location-${what}` }]);
    expect(series.diagnostics[0].files?.length).toBeGreaterThan(0);
  });

  test("Slice Location missing in one slice or in all: positions decide, and it is said", async () => {
    for (const missing of [(i: number) => i === 2, () => true]) {
      const series = await only(slicesAt(FIVE, (_, i) => (missing(i) ? { "0020,1041": "" } : {})));
      expect(series.slices.map(zOf)).toEqual(FIVE);
      expect(series.ordering).toBe("image-position");
      expect(codesOf(series.diagnostics)).toEqual(["slice-location-missing"]);
    }
  });

  test("no positions: Slice Location orders and spaces, and it is said", async () => {
    const series = await only(slicesAt([34, 30, 32], () => ({ "0020,0032": undefined })));
    expect(series.slices.map((slice) => slice.sliceLocation)).toEqual([30, 32, 34]);
    expect(series.grid).toMatchObject({ spacingMm: [0.5, 0.75, 2], originMm: [0, 0, 30] });
    expect(codesOf(series.diagnostics)).toEqual(["image-position-missing"]);
  });

  test("neither positions nor locations: refused", async () => {
    const sources = slicesAt(FIVE, () => ({ "0020,0032": undefined, "0020,1041": undefined }));
    await expect(readSeries(sources)).rejects.toMatchObject({
      code: "unfaithful-geometry",
      fields: { tag: "(0020,0032)" },
    });
  });

  test("sagittal slices: axes and origin from orientation and positions", async () => {
    // Rows run to the back, columns to the feet; the normal is y cross -z = -x.
    const sources = [5, 3, 4].map((x) =>
      ctSource(`${x}`, { "0020,0037": "0\\1\\0\\0\\0\\-1", "0020,0032": `${x}\\1\\2`, "0020,1041": "" }),
    );
    const { slices, grid } = await only(sources);
    expect(slices.map((slice) => slice.imagePositionPatient?.[0])).toEqual([5, 4, 3]);
    expect(grid).toEqual({
      size: [3, 2, 3],
      spacingMm: [0.5, 0.75, 1],
      originMm: [5, 1, 2],
      direction: [0, 0, -1, 1, 0, 0, 0, -1, 0],
    });
  });

  test("missing orientation is assumed axial and said; missing pixel spacing is refused", async () => {
    const series = await only(slicesAt(FIVE, () => ({ "0020,0037": undefined })));
    expect(series.grid.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(codesOf(series.diagnostics)).toEqual(["orientation-missing"]);
    const wanted = { code: "unfaithful-geometry", fields: { tag: "(0028,0030)" } };
    for (const spacing of [undefined, "0\\0", "-1\\1"]) {
      await expect(readSeries(slicesAt(FIVE, () => ({ "0028,0030": spacing })))).rejects.toMatchObject(
        wanted,
      );
    }
  });

  test("orientation that is no pair of perpendicular unit vectors", async () => {
    for (const cosines of ["1\\0\\0\\1\\0\\0", "0\\0\\0\\0\\0\\0", "2\\0\\0\\0\\1\\0"]) {
      const refused = readSeries(slicesAt(FIVE, () => ({ "0020,0037": cosines })));
      await expect(refused).rejects.toMatchObject({
        code: "unfaithful-geometry",
        fields: { tag: "(0020,0037)" },
      });
    }
  });

  test("spacing has no binary dust", async () => {
    const zs = Array.from({ length: 401 }, (_, i) => Number((-346.1 + i * 0.7).toFixed(1)));
    expect((await only(slicesAt(zs))).grid.spacingMm[2]).toBe(0.7);
  });

  test("positions rounded to two decimals make an even grid", async () => {
    const zs = Array.from({ length: 200 }, (_, i) => Number((i * 0.625).toFixed(2)));
    expect((await only(slicesAt(zs))).grid.spacingMm[2]).toBeCloseTo(0.625, 4);
  });

  test("one slice: spacing between slices, else its thickness, said; else refused", async () => {
    const between = await only([ctSource("a", { "0018,0088": "2.5" })]);
    expect(between.grid.spacingMm).toEqual([0.5, 0.75, 2.5]);
    const thick = await only([ctSource("a")]);
    expect(thick.grid).toMatchObject({
      size: [3, 2, 1],
      spacingMm: [0.5, 0.75, 5],
      originMm: [-10, -20, 30],
    });
    expect(codesOf(thick.diagnostics)).toEqual(["single-slice"]);
    await expect(readSeries([ctSource("a", { "0018,0050": "" })])).rejects.toMatchObject({
      code: "unfaithful-geometry",
    });
  });
});

describe("rescale", () => {
  test("absent slope and intercept are 1 and 0, and it is said", async () => {
    const { slices, diagnostics } = await only(
      slicesAt(FIVE, () => ({ "0028,1052": "", "0028,1053": undefined })),
    );
    expect(rescaleOf(slices[0])).toEqual({ slope: 1, intercept: 0 });
    expect(codesOf(diagnostics)).toEqual(["rescale-missing"]);
  });

  test("each slice has its own, and other units are said", async () => {
    const fields = (_: number, i: number) => ({ "0028,1052": String(-1000 - i), "0028,1054": "US" });
    const { slices, diagnostics } = await only(slicesAt(FIVE, fields));
    expect(slices.map((slice) => rescaleOf(slice).intercept)).toEqual([-1000, -1001, -1002, -1003, -1004]);
    expect(codesOf(diagnostics)).toEqual(["rescale-varies", "rescale-type"]);
  });

  test("a slope of 0 is refused", async () => {
    const [header] = (await readHeaders([ctSource("a"), ctSource("b")])).headers;
    expect(() => rescaleOf({ ...header, rescaleSlope: 0 })).toThrow(/slope of 0/i);
  });
});
