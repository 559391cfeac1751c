import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { type ByteSource, bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Grid } from "../../src/core/grid.js";
import { valueOfStored } from "../../src/core/value_scale.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries, type Series } from "../../src/dicom/series/list_series.js";
import type { ImageDescription } from "../../src/formats/image.js";
import { metaImageHeader } from "../../src/formats/metaimage/metaimage_header.js";
import { niftiHeader } from "../../src/formats/nifti/nifti_header.js";
import { nrrdHeader } from "../../src/formats/nrrd/nrrd_header.js";
import { openEngine } from "../../src/node/open_engine.js";
import { chestPhantom, phantomSeries } from "../../src/phantom/index.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { expectGrid } from "../support/expect_grid.js";
import { formatGrids } from "../support/format_grids.js";

// Files of other programs behind the door of DICOM: what was written is what is loaded, where it lies.

const opening = openEngine({ device: "cpu", threads: 1, workers: 0 });
afterAll(async () => {
  const engine = await opening;
  expect(engine.memory.snapshot()).toEqual({});
  engine.destroy();
});

const COUNT = 60;
const values = Int16Array.from({ length: COUNT }, (_, i) => i * 37 - 1024);
const { oblique } = formatGrids;

type Data = ArrayBufferView & ArrayLike<number>;

function joined(header: Uint8Array, data: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

const writers: Readonly<Record<string, (description: ImageDescription, data: Data) => Uint8Array>> = {
  "ct.nii": (description, data) => joined(niftiHeader(description), data),
  "ct.nii.gz": (description, data) => gzipSync(joined(niftiHeader(description), data)),
  "ct.nrrd": (description, data) => joined(nrrdHeader(description), data),
  "CT.MHA": (description, data) => joined(metaImageHeader(description), data),
};
const written = (name: string, description: ImageDescription, data: Data) =>
  bytesSource(name, writers[name](description, data));

async function only(...sources: ByteSource[]): Promise<Series> {
  return chooseSeries((await listSeries(sources)).series);
}

async function load(series: Series): Promise<{ grid: Grid; values: number[]; units: string }> {
  const volume = await loadVolume(await opening, series);
  const found = Array.from(await volume.read(), (stored) => valueOfStored(volume.values, stored));
  const { grid } = volume;
  volume.destroy();
  return { grid, values: found, units: volume.values.units };
}

async function codeOf(running: Promise<unknown>): Promise<string> {
  return running.then(
    () => "nothing thrown",
    (error) => (isHounsfieldError(error) ? error.code : String(error)),
  );
}

describe.each(Object.keys(writers))("%s", (name) => {
  test.each(Object.entries(formatGrids))("a grid that is %s", async (_, grid) => {
    const series = await only(written(name, { grid, dtype: "int16" }, values));
    expectGrid(series.grid, grid, name.includes("nii") ? 1e-4 : 1e-9);
    const found = await load(series);
    expect(found.grid).toBe(series.grid);
    expect(found.values).toEqual(Array.from(values));
    expect(found.units).toBe("HU");
  });

  test.each([
    ["int8", Int8Array.from(values, (_, i) => i - 30)],
    ["uint8", Uint8Array.from(values, (_, i) => i * 4)],
    ["uint16", Uint16Array.from(values, (_, i) => 65535 - i * 1000)],
    ["int32", Int32Array.from(values, (_, i) => i * 1000 - 70_000)],
    ["uint32", Uint32Array.from(values, (_, i) => 4_000_000_000 + i)],
    ["float32", Float32Array.from(values, (_, i) => i - 1024)],
    ["float64", Float64Array.from(values, (_, i) => i - 1024)],
  ] as const)("voxels of type %s, exactly", async (dtype, data) => {
    const found = await load(await only(written(name, { grid: oblique, dtype }, data)));
    expect(found.values).toEqual(Array.from(data));
    expect(found.units).toBe(/8$/.test(dtype) ? "unspecified" : "HU");
  });

  test("fractions within half a step, and what is no number outside", async () => {
    const data = Float32Array.from(values, (_, i) => i * 7.3 - 900.05);
    data[5] = Number.NaN;
    const series = await only(written(name, { grid: oblique, dtype: "float32" }, data));
    expect(series.diagnostics.map(({ code }) => code)).toEqual(["not-finite", "units-assumed"]);
    const found = await load(series);
    const half = (series.values?.slope ?? 0) * 0.5001;
    for (const [i, value] of data.entries())
      expect(Math.abs(found.values[i] - (i === 5 ? -1024 : value))).toBeLessThanOrEqual(half);
    // A second load reads the file again.
    expect(await load(series)).toEqual(found);
  });

  test("a file cut short, at its header or in its voxels, is refused by its name", async () => {
    const bytes = writers[name]({ grid: oblique, dtype: "int16" }, values);
    // Of gzip, the checksum and more: what is behind the voxels is never looked at.
    const last = name.endsWith("gz") ? 16 : 1;
    for (const length of [0, 3, 100, bytes.length - last]) {
      const cut = bytesSource(name, bytes.subarray(0, length));
      const error = await only(cut)
        .then(load)
        .then(
          () => undefined,
          (thrown) => thrown,
        );
      expect(isHounsfieldError(error) ? error.code : `${error}`).toMatch(
        /^(malformed-image|truncated|unsupported-image)$/,
      );
      expect(error.message).toContain(name);
    }
  });
});

describe("files in which voxels lie otherwise", () => {
  const header = (lines: string[]) => new TextEncoder().encode(`${lines.join("\n")}\n\n`);
  const plain = ["NRRD0004", "type: int16", "dimension: 3", "sizes: 5 4 3", "endian: little"];
  const placed = [...plain, "space: LPS", "space origin: (0,0,0)"];
  const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

  test("left-handed axes: rows are turned over", async () => {
    const bytes = joined(
      header([...placed, "encoding: raw", "space directions: (1,0,0) (0,-1,0) (0,0,2)"]),
      values,
    );
    const series = await only(bytesSource("a.nrrd", bytes));
    expect(series.grid).toMatchObject({ originMm: [0, -3, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    const row = (z: number, y: number) => Array.from(values.subarray((z * 4 + y) * 5, (z * 4 + y) * 5 + 5));
    const expected = [0, 1, 2].flatMap((z) => [3, 2, 1, 0].flatMap((y) => row(z, y)));
    expect((await load(series)).values).toEqual(expected);
    expect(series.diagnostics.map(({ code }) => code)).toContain("rows-flipped");
  });

  test("big-endian", async () => {
    const lines = [...placed.filter((line) => !line.startsWith("endian")), "endian: big", "encoding: raw"];
    const bytes = joined(header([...lines, "space directions: (1,0,0) (0,1,0) (0,0,2)"]), values);
    for (let at = bytes.length - 120; at < bytes.length; at += 2) bytes.subarray(at, at + 2).reverse();
    expect((await load(await only(bytesSource("a.nrrd", bytes)))).values).toEqual(Array.from(values));
  });

  test("headers beside their voxels", async () => {
    const direction = "space directions: (1,0,0) (0,1,0) (0,0,2)";
    const nhdr = header([...placed, "encoding: raw", direction, "data file: ./voxels.raw"]);
    const gz = header([...placed, "encoding: gzip", direction, "data file: voxels.gz"]);
    const mhd = new TextEncoder().encode(
      "NDims = 3\nDimSize = 5 4 3\nElementSpacing = 1 1 2\nElementType = MET_SHORT\nElementDataFile = voxels.raw\n",
    );
    const pair = niftiHeader({ grid: oblique, dtype: "int16" }).slice(0, 348);
    pair.set(new TextEncoder().encode("ni1"), 344);
    new DataView(pair.buffer).setFloat32(108, 0, true);
    const raw = bytesSource("d/voxels.raw", bytesOf(values));
    for (const [name, head, voxels] of [
      ["d/a.nhdr", nhdr, raw],
      ["d/a.nhdr", gz, bytesSource("d/voxels.gz", gzipSync(bytesOf(values)))],
      ["d/a.mhd", mhd, raw],
      ["d/a.hdr", pair, bytesSource("d/a.img", bytesOf(values))],
      ["d/a.hdr", pair, bytesSource("d/a.img.gz", gzipSync(bytesOf(values)))],
    ] as const) {
      const series = await only(bytesSource(name, head), voxels);
      expect((await load(series)).values).toEqual(Array.from(values));
      expect(series.files?.map((file) => file.name)).toEqual([name, voxels.name]);
      const alone = await codeOf(only(bytesSource(name, head)));
      expect(alone).toBe(name.endsWith(".hdr") ? "not-dicom" : "io");
    }
  });

  test("four axes are several series, of which one is chosen", async () => {
    const two = Int16Array.from([...values, ...values.map((one) => one + 1)]);
    const bytes = joined(niftiHeader({ grid: oblique, dtype: "int16" }), two);
    new DataView(bytes.buffer).setInt16(40, 4, true);
    new DataView(bytes.buffer).setInt16(48, 2, true);
    for (const [name, content] of [
      ["a.nii", bytes],
      ["a.nii.gz", gzipSync(bytes)],
    ] as const) {
      const { series } = await listSeries([bytesSource(name, content)]);
      expect(series.map(({ part }) => part)).toEqual(["volume 1 of 2", "volume 2 of 2"]);
      expect(() => chooseSeries(series)).toThrow("2 series");
      expect((await load(chooseSeries(series, 2))).values).toEqual(Array.from(two.subarray(60)));
    }
  });
});

describe("beside DICOM", () => {
  const phantom = chestPhantom({ size: [8, 8, 4], noiseHu: 0 });
  const slices = Array.from(phantomSeries(phantom), ({ name, bytes }) => bytesSource(name, bytes));
  const nifti = written("ct.nii", { grid: oblique, dtype: "int16" }, values);
  const bad = bytesSource("bad.nii", new Uint8Array(400));

  test("CT slices are what is meant, and the file is listed behind them", async () => {
    const { series, broken, diagnostics } = await listSeries([nifti, ...slices, bad]);
    expect(series.map(({ modality, description }) => modality ?? description)).toEqual(["CT", "ct.nii"]);
    expect(chooseSeries(series).modality).toBe("CT");
    expect(broken.map(({ code }) => code)).toEqual(["malformed-image"]);
    expect(diagnostics.map(({ code, files }) => [code, files])).toEqual([["broken-file", ["bad.nii"]]]);
  });

  test("neither a text beside it nor another broken one keeps a file from being read", async () => {
    const text = bytesSource("readme.txt", new TextEncoder().encode("hello"));
    const { series, skipped } = await listSeries([text, nifti, bad]);
    expect(series).toHaveLength(1);
    expect(skipped.notDicom).toBe(1);
  });

  test.each([
    ["one that is broken", [bad], "malformed-image"],
    ["two that are broken", [bad, bytesSource("b.nrrd", new Uint8Array(9))], "malformed-image"],
    ["a header that no voxels go with", [bytesSource("a.hdr", new Uint8Array(400))], "not-dicom"],
  ] as const)("%s: refused", async (_, sources, code) => {
    expect(await codeOf(listSeries(sources))).toBe(code);
  });
});
