import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { readFrame } from "../../src/dicom/image/pixel_data.js";
import { rescaleOf } from "../../src/dicom/image/rescale.js";
import { folderSources } from "../../src/node/sources.js";
import { expectedPatient, hasPatients, patientFolder } from "../support/dicom_data.js";
import { readSeries } from "../support/read_series.js";

/** The same order for every run, unlike any that names could give. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item, i) => ({ item, key: (i * 7919 + 13) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe.skipIf(!hasPatients)("real patients (needs ../shared/data)", () => {
  test.each(["P001", "cap001"] as const)(
    "%s: slices, spacing, origin and direction as expected",
    async (patient) => {
      const expected = expectedPatient(patient);
      const series = await readSeries(await folderSources(patientFolder(patient)));
      expect(series).toHaveLength(1);
      const [{ slices, grid, ordering, diagnostics, transferSyntaxes }] = series;
      expect(slices.map((slice) => slice.source.name)).toEqual(
        expected.slicesSorted.map((slice) => slice.file),
      );
      expect(slices.map((slice) => slice.sliceLocation)).toEqual(
        expected.slicesSorted.map((slice) => slice.sliceLocation),
      );
      expect(grid.size).toEqual([expected.columns, expected.rows, expected.slicesSorted.length]);
      expect(grid.spacingMm).toEqual([...expected.spacing_zyx_mm].reverse());
      expect(grid.originMm).toEqual(expected.origin_xyz_mm);
      expect(grid.direction).toEqual(expected.direction);
      expect({ ordering, diagnostics, transferSyntaxes }).toEqual({
        ordering: "slice-location",
        diagnostics: [],
        transferSyntaxes: [expected.transferSyntax],
      });
      expect(rescaleOf(slices[0])).toEqual({ slope: 1, intercept: -1024 });
    },
  );

  test("P001 renamed, shuffled or doubled is the same volume; thinned it is refused, filled or coarser", async () => {
    const sources = await folderSources(patientFolder("P001"));
    const [truth] = await readSeries(sources);
    const renamed = shuffled(sources).map(
      (source, i): ByteSource => ({ ...source, name: `${(i * 31) % sources.length}` }),
    );
    const [again] = await readSeries(renamed);
    expect(again.slices.map((slice) => slice.sopInstanceUid)).toEqual(
      truth.slices.map((slice) => slice.sopInstanceUid),
    );
    expect(again.grid).toEqual(truth.grid);

    const copies = [40, 7, 99].map((i) => ({ ...sources[i], name: `~copy-${i}` }));
    const [doubled] = await readSeries([...copies, ...sources]);
    expect(doubled.grid).toEqual(truth.grid);
    expect(doubled.slices.map((slice) => slice.source.name)).toEqual(
      truth.slices.map((slice) => slice.source.name),
    );
    const [{ code, files }] = doubled.diagnostics;
    expect([code, [...(files ?? [])].sort()]).toEqual([
      "duplicate-slices",
      ["~copy-40", "~copy-7", "~copy-99"],
    ]);
    const everything = sources.map((source) => ({ ...source, name: `again/${source.name}` }));
    const [twice] = await readSeries([...sources, ...everything]);
    expect(twice.grid).toEqual(truth.grid);

    const inner = truth.slices[70].source.name;
    const thinned = sources.filter((source) => source.name !== inner);
    await expect(readSeries(thinned)).rejects.toMatchObject({
      message: expect.stringMatching(/1 slice is missing/),
    });
    const [filled] = await readSeries(thinned, { allow: ["gaps"] });
    expect(filled.grid).toEqual(truth.grid);
    expect(filled.resampling?.slices.flatMap((slice, z) => (slice.measured ? [] : [z]))).toEqual([70]);
    const everySecond = truth.slices.filter((_, k) => k % 2 === 0).map((slice) => slice.source);
    const [coarse] = await readSeries(everySecond);
    expect(coarse.grid).toMatchObject({ size: [512, 512, 74], spacingMm: [0.748046875, 0.748046875, 4] });
    expect(coarse.diagnostics).toMatchObject([{ code: "slices-apart" }]);
    const ends = [truth.slices[0].source.name, truth.slices[147].source.name];
    const [shorter] = await readSeries(sources.filter((source) => !ends.includes(source.name)));
    expect(shorter.grid).toEqual({
      ...truth.grid,
      size: [512, 512, 146],
      originMm: truth.slices[1].imagePositionPatient,
    });
  });

  test("P001 and cap001 in one folder are two series", async () => {
    const both = [
      ...(await folderSources(patientFolder("P001"))),
      ...(await folderSources(patientFolder("cap001"))),
    ];
    const series = await readSeries(both);
    expect(series.map((one) => one.slices.length)).toEqual([168, 148]);
  });

  test("a slice of P001 cut short is refused by name, as header or as frame", async () => {
    const sources = await folderSources(patientFolder("P001"));
    const bytes = await sources[3].read(0, sources[3].size);
    const inHeader = bytesSource("cut.dcm", bytes.subarray(0, 900));
    await expect(readSeries([...sources, inHeader])).rejects.toMatchObject({
      code: "truncated",
      fields: { file: "cut.dcm" },
    });
    const inFrame = [
      ...sources.slice(0, 3),
      ...sources.slice(4),
      bytesSource("cut.dcm", bytes.subarray(0, 50_000)),
    ];
    const [series] = await readSeries(inFrame);
    const cut = series.slices.find((slice) => slice.source.name === "cut.dcm")!;
    await expect(readFrame(cut)).rejects.toMatchObject({
      code: "truncated",
      fields: { file: "cut.dcm", frame: 0 },
    });
  });

  test("frames are whole JPEG streams in buffers of their own", async () => {
    const [series] = await readSeries(await folderSources(patientFolder("P001")));
    for (const slice of series.slices.slice(0, 10)) {
      const bytes = await readFrame(slice);
      expect([bytes[0], bytes[1], bytes.buffer.byteLength]).toEqual([0xff, 0xd8, bytes.length]);
      const end = bytes.at(-1) === 0 ? bytes.subarray(-3, -1) : bytes.subarray(-2);
      expect([...end]).toEqual([0xff, 0xd9]);
    }
  });
});
