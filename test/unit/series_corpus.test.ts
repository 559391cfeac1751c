import { describe, expect, test } from "vitest";
import { positionMm } from "../../src/core/grid.js";
import { frameDescription } from "../../src/dicom/image/frame_description.js";
import { readFrame } from "../../src/dicom/image/pixel_data.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries, type RefusedSeries, type Series } from "../../src/dicom/series/list_series.js";
import { createInProcessDecoder } from "../support/decode_in_process.js";
import { corpusFolderSources, corpusSeries, hasCorpus, sha256 } from "../support/dicom_data.js";
import { joined } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";

const rows = hasCorpus ? corpusSeries() : [];
const folders = [...new Set(rows.map((row) => row.folder))];
const numbers = (text: string) => text.replace(/[[\]]/g, "").split(/[\\,]/).map(Number);
const decode = createInProcessDecoder();

/** Of the stored values of all slices, in their order. */
async function hashOf({ slices }: Pick<Series, "slices">): Promise<string> {
  const frames: Uint8Array[] = [];
  for (const slice of slices) {
    const values = await decode(await readFrame(slice), frameDescription(slice), slice.source.name);
    frames.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return sha256(joined(frames));
}

function expectNear(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(got).toHaveLength(wanted.length);
  expect(Math.max(0, ...wanted.map((number, i) => Math.abs(number - got[i])))).toBeLessThan(tolerance);
}

function seriesOf(file: string, series: readonly (Series | RefusedSeries)[]): Series | RefusedSeries {
  const found = series.find((one) => one.slices.some((slice) => slice.source.name === file));
  expect(found, file).toBeDefined();
  return found!;
}

describe.skipIf(!hasCorpus)("corpus series (needs ../shared/data)", () => {
  test.each(folders)("%s: every series as SERIES.tsv says, faithful or refused", async (folder) => {
    const { series } = await listSeries(corpusFolderSources(folder));
    for (const row of rows.filter((one) => one.folder === folder && one.orientation !== "mixed")) {
      const names = row.files_in_order.split(" ");
      const one = seriesOf(names[0], series);
      const { slices, layout } = one;
      expect(slices.map((slice) => slice.source.name)).toEqual(names);
      expect(await hashOf(one)).toBe(row.sha256_of_all_values_in_order_along_normal);
      const [first, last] = [slices[0], slices[slices.length - 1]];
      expectNear(first.imagePositionPatient!, numbers(row.first_position), 1e-4);
      expectNear(last.imagePositionPatient!, numbers(row.last_position), 1e-4);
      const steps = row.steps_along_normal === "[]" ? [] : numbers(row.steps_along_normal);
      expectNear(layout!.stepsMm, steps, 1e-4);
      if (row.shear_deg !== "") expectNear([Math.abs(layout!.shearDegrees)], [Number(row.shear_deg)], 0.01);
      if (!one.refusal) expectGrid(one, row);
    }
  });

  /** The grid puts each slice's first pixel where its header has it. */
  function expectGrid({ grid, slices }: Series, row: Record<string, string>): void {
    const [height, width] = row.rows_cols.split("x").map(Number);
    expect(grid.size).toEqual([width, height, Number(row.slices)]);
    const [rowSpacing, columnSpacing] = numbers(row.pixel_spacing);
    expectNear(grid.spacingMm.slice(0, 2), [columnSpacing, rowSpacing], 1e-4);
    const [xx, yx, , xy, yy, , xz, yz] = grid.direction;
    expectNear([xx, xy, xz, yx, yy, yz], numbers(row.orientation), 1e-6);
    slices.forEach((slice, k) => {
      expectNear(positionMm(grid, [0, 0, k]), slice.imagePositionPatient!, 1e-4);
    });
  }

  test("mixed orientations are split, and no image is lost", async () => {
    const sources = corpusFolderSources("pydicom-dicomdir");
    const { series } = await listSeries(sources);
    const mixed = rows.filter((one) => one.folder === "pydicom-dicomdir" && one.orientation === "mixed");
    expect(mixed.length).toBeGreaterThan(3);
    for (const row of mixed) {
      const names = row.files_in_order.split(" ");
      const parts = new Set(names.map((name) => seriesOf(name, series)));
      expect(parts.size, names[0]).toBeGreaterThan(1);
      expect([...parts].reduce((count, part) => count + part.slices.length, 0)).toBe(names.length);
    }
    expect(series.flatMap((one) => one.slices)).toHaveLength(sources.length);
  });

  test("a gap is refused with its numbers and what would allow it; localizers are set aside by name", async () => {
    const { series } = await listSeries(corpusFolderSources("pydicom-dicomdir"));
    const { refusal } = seriesOf("77654033_CT2_17106.dcm", series);
    expect(refusal?.message).toMatch(/202\.5 mm .* 1\.25 mm.*missing$/);
    expect(refusal?.fields.allow).toEqual(["gaps"]);
    const scout = seriesOf("98892001_CT2N_6293.dcm", series);
    expect([scout.role, scout.setAside]).toEqual(["localizer", "its Image Type is LOCALIZER"]);
  });

  test("multi-frame: frames in reverse order, equal to the single-frame twin", async () => {
    const { series } = await listSeries(corpusFolderSources("dcmqi-23x38x3"));
    const twin = seriesOf("image_IMG0001.dcm", series);
    const frames = seriesOf("multiframe_mf.dcm", series);
    expect(series).toHaveLength(2);
    expect([frames.refusal, twin.refusal]).toEqual([undefined, undefined]);
    expect((frames as Series).grid).toEqual((twin as Series).grid);
    expect(await hashOf(frames)).toBe(await hashOf(twin));
    expect([frames.units, twin.units]).toEqual(["US", "US"]);
    expect(frames.diagnostics.map(({ code }) => code)).toEqual(twin.diagnostics.map(({ code }) => code));
    expect(() => chooseSeries(series)).toThrow(/2 series where one is needed/);
  });

  test.each([
    ["philips-tilt", ["tilt"], "localizer"],
    ["ge-tilt-irregular", ["irregular", "tilt"], undefined],
  ] as const)(
    "%s: refused as tilted; with `allow` a true grid that holds every slice",
    async (folder, needs, other) => {
      const sources = corpusFolderSources(folder);
      const { series } = await listSeries(sources);
      expect(() => chooseSeries(series)).toThrow(/18\.50 degrees/);
      expect(series[0].refusal?.fields.allow?.toSorted()).toEqual(needs);
      expect(series[1]?.role).toBe(other);
      for (const part of needs) {
        if (needs.length > 1)
          await expect(readSeries(sources, { allow: [part] })).rejects.toMatchObject({
            fields: { allow: expect.arrayContaining([...needs]) },
          });
      }
      const [repaired] = await readSeries(sources, { allow: needs });
      const { grid, resampling, slices } = repaired;
      expect(resampling?.repairs.toSorted()).toEqual(needs);
      expect(grid.size[2]).toBe(resampling?.slices.length);
      // Each measured plane's first pixel is where its header has it.
      const onGrid = resampling!.slices.flatMap((slice, z) =>
        slice.weight === 0 ? [{ z, k: slice.below }] : [],
      );
      expect(onGrid.length).toBeGreaterThan(3);
      for (const { z, k } of onGrid) {
        const [dx, dy] = resampling!.shiftPixels[k];
        const { imagePositionPatient } = slices[k];
        expectNear(positionMm(grid, [-dx, -dy, z]), imagePositionPatient!, 0.05);
      }
    },
  );
});
