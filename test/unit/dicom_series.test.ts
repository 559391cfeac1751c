// Over 300 lines: the rules of ordering, refusing, collecting and choosing, each a few lines, on the same
// small stacks.
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { positionMm } from "../../src/core/grid.js";
import { rescaleOf } from "../../src/dicom/image/rescale.js";
import type { SliceHeader } from "../../src/dicom/image/slice_header.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { groupSeries } from "../../src/dicom/series/group_images.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { orderSlices } from "../../src/dicom/series/order_slices.js";
import { readHeaders } from "../../src/dicom/series/read_headers.js";
import {
  CT_PIXELS,
  type CtFields,
  ctElements,
  ctSource,
  EXPLICIT,
  element,
  file,
} from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";

/**
 * Slices 2 mm thick whose positions along z are `zs`; Slice Location equals them unless `fields` says
 * otherwise.
 */
function slicesAt(
  zs: readonly number[],
  fields: (z: number, i: number) => CtFields = () => ({}),
): ByteSource[] {
  return zs.map((z, i) =>
    ctSource(`${(i * 7919) % 1000}-${i}.dcm`, {
      "0020,0032": `-10\\-20\\${z}`,
      "0020,1041": String(z),
      "0018,0050": "2",
      ...fields(z, i),
    }),
  );
}

const FIVE = [30, 32, 34, 36, 38];

/** A slice at z whose first stored value is `first`. */
function withPixels(name: string, z: number, first: number, fields: CtFields = {}): ByteSource {
  const position = { "0020,0032": `-10\\-20\\${z}`, "0020,1041": String(z), "0018,0050": "2" };
  const pixels = CT_PIXELS.map((byte, i) => (i === 0 ? first : byte));
  const elements = [...ctElements({ ...position, ...fields }), element("7fe0,0010", "OW", pixels)];
  return bytesSource(name, file({ transferSyntax: EXPLICIT, elements }));
}

async function only(sources: readonly ByteSource[]) {
  const series = await readSeries(sources);
  expect(series).toHaveLength(1);
  return series[0];
}

const zOf = (header: SliceHeader) => header.imagePositionPatient?.[2];
const codesOf = (diagnostics: readonly { code: string }[]) =>
  diagnostics.map((diagnostic) => diagnostic.code);

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

describe("unfaithful stacks are refused with files and numbers", () => {
  const refusal = (sources: readonly ByteSource[]) =>
    readSeries(sources).then(
      () => expect.unreachable(),
      (error: { code: string; message: string }) => {
        expect(error.code).toBe("unfaithful-geometry");
        expect(error.message).not.toContain("\n");
        return error.message;
      },
    );

  test("a slice twice with other pixels", async () => {
    const sources = [...slicesAt(FIVE), withPixels("copy.dcm", 34, 1)];
    expect(await refusal(sources)).toMatch(/copy\.dcm: 1 of 6 slices has a dup.*at 34 mm/);
  });

  test("every slice twice with other pixels, and one place for all", async () => {
    const others = FIVE.map((z, i) => withPixels(`copy-${i}`, z, i + 1));
    expect(await refusal([...slicesAt(FIVE), ...others])).toMatch(/5 of 10 slices have a duplicate position/);
    expect(await refusal([1, 2, 3].map((first) => withPixels(`${first}`, 7, first)))).toMatch(
      /2 of 3 slices have a duplicate position/,
    );
  });

  test("missing slices", async () => {
    expect(await refusal(slicesAt([30, 32, 36, 38, 40]))).toMatch(
      /lies 4 mm from .* the step is 2 mm; 1 slice is missing/,
    );
    expect(await refusal(slicesAt([30, 32, 38, 40, 42, 46, 48]))).toMatch(/3 slices are missing/);
  });

  test("irregular steps", async () => {
    expect(await refusal(slicesAt([30, 32, 34.5, 36.5, 38.5]))).toMatch(
      /lies 2\.5 mm .* 2 mm; 1 steps? of 4/,
    );
  });

  test("steps that drift, each within tolerance of the next", async () => {
    const zs = Array.from({ length: 200 }, (_, i) => i + i * i * 2e-5);
    expect(await refusal(slicesAt(zs))).toMatch(/of 199 are irregular|drift between/);
  });

  test("a tilted gantry of either sign", async () => {
    for (const shift of [0.66, -0.66]) {
      const sources = slicesAt(FIVE, (z, i) => ({ "0020,0032": `-10\\${-20 + i * shift}\\${z}` }));
      expect(await refusal(sources)).toMatch(/aside .*18\.26 degrees/);
    }
  });

  test("a slice shifted in its plane", async () => {
    const sources = slicesAt(FIVE, (z, i) => ({ "0020,0032": `${i === 2 ? -9 : -10}\\-20\\${z}` }));
    expect(await refusal(sources)).toMatch(/lies 1 mm aside/);
  });

  test("a multi-frame image that does not say where its frames lie", async () => {
    const header = (await readHeaders([ctSource("a"), ctSource("b")])).headers[0];
    expect(() => orderSlices([{ ...header, numberOfFrames: 2 }])).toThrow(/multi-frame/);
  });
});

describe("collecting", () => {
  const junk = [
    bytesSource("notes.txt", new TextEncoder().encode("hello")),
    bytesSource("zero", new Uint8Array(0)),
  ];
  const color = ctSource("dose.dcm", { "0028,0004": "RGB", "0028,0002": 3 });

  test("what is no image is skipped and counted, with examples; progress counts all", async () => {
    const reports: string[] = [];
    const sources = [...slicesAt(FIVE), ...junk, color];
    const { headers, skipped } = await readHeaders(sources, {
      onProgress: ({ stage, done, total }) => reports.push(`${stage} ${done}/${total}`),
    });
    expect(headers).toHaveLength(5);
    expect(skipped).toMatchObject({ notDicom: 2, notImage: 1 });
    expect(skipped.examples.join(" ")).toMatch(/dose\.dcm: is a color image.*notes\.txt.*zero/);
    expect(reports).toEqual(Array.from({ length: 8 }, (_, i) => `headers ${i + 1}/8`));
  });

  test("headers come in the order of names, whatever ends first", async () => {
    const sources = slicesAt(FIVE).map((source, i) => ({
      ...source,
      name: `${9 - i}`,
      read: async (start: number, end: number) => {
        for (let turn = 0; turn < i * 3; turn++) await Promise.resolve();
        return source.read(start, end);
      },
    }));
    const { headers } = await readHeaders(sources);
    expect(headers.map((header) => header.source.name)).toEqual(["5", "6", "7", "8", "9"]);
  });

  test("never more than 8 reads at once", async () => {
    let open = 0;
    let most = 0;
    const sources = slicesAt(Array.from({ length: 40 }, (_, i) => i)).map((source) => ({
      ...source,
      read: async (start: number, end: number) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
        return source.read(start, end);
      },
    }));
    await readHeaders(sources);
    expect(most).toBe(8);
  });

  test("a broken image is an error naming it: the first by name", async () => {
    const lfs = bytesSource(
      "m.dcm",
      new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n"),
    );
    const cut = ctSource("n.dcm");
    const short = { ...cut, size: cut.size - 4 };
    await expect(readHeaders([short, ...slicesAt(FIVE), lfs])).rejects.toMatchObject({
      code: "git-lfs-pointer",
      fields: { file: "m.dcm" },
    });
    await expect(readHeaders([short, ...slicesAt(FIVE)])).rejects.toMatchObject({
      code: "truncated",
      fields: { file: "n.dcm" },
    });
    const { series, broken } = await listSeries([short, ...slicesAt(FIVE), lfs, junk[0]], { broken: "list" });
    expect(series.map(({ slices }) => slices.length)).toEqual([5]);
    expect(broken.map(({ code, fields }) => [code, fields.file])).toEqual([
      ["git-lfs-pointer", "m.dcm"],
      ["truncated", "n.dcm"],
    ]);
    await expect(listSeries([short, junk[0]], { broken: "list" })).rejects.toMatchObject({
      code: "truncated",
    });
  });

  test("an abort rejects with its reason", async () => {
    const aborted = readHeaders(slicesAt(FIVE), { signal: AbortSignal.abort("enough") });
    await expect(aborted).rejects.toBe("enough");
  });

  test("nothing to read: an empty folder, files that are no DICOM, DICOM without images, one file alone", async () => {
    await expect(readSeries([])).rejects.toMatchObject({
      code: "no-dicom",
      message: expect.stringMatching(/empty/),
    });
    await expect(readSeries(junk)).rejects.toMatchObject({
      code: "no-dicom",
      message: expect.stringMatching(/among 2 files: none is DICOM.*notes\.txt/),
    });
    await expect(readSeries([...junk, color])).rejects.toMatchObject({
      code: "no-dicom",
      message: expect.stringMatching(/2 are not DICOM and 1 are DICOM without/),
    });
    await expect(readSeries([junk[0]])).rejects.toMatchObject({
      code: "not-dicom",
      fields: { file: "notes.txt" },
    });
    await expect(readSeries([color])).rejects.toMatchObject({
      code: "unsupported-image",
      fields: { file: "dose.dcm" },
    });
  });
});

describe("several series", () => {
  const other = (fields: CtFields = {}) =>
    slicesAt([50, 53, 56], () => ({ "0020,000e": "1.2.3.2", "0008,103e": "Bone", ...fields })).map(
      (source) => ({
        ...source,
        name: `other/${source.name}`,
      }),
    );

  test("mixed files are told apart, and one must be chosen", async () => {
    const { series } = await listSeries([...other(), ...slicesAt(FIVE)]);
    expect(series.map((one) => [one.description, one.slices.length])).toEqual([
      ["Chest", 5],
      ["Bone", 3],
    ]);
    expect(() => chooseSeries(series)).toThrow(
      /^2 series where one is needed: 1: CT "Chest", 5 slices of 3x2 \(0-0\.dcm \.\.\.\), UID 1\.2\.3\.1; 2: CT "Bone", 3 slices /,
    );
    expect(chooseSeries(series, "1.2.3.2").grid.spacingMm[2]).toBe(3);
    expect(chooseSeries(series, 1).grid.spacingMm[2]).toBe(2);
    expect(chooseSeries(series, "2").description).toBe("Bone");
    for (const pick of ["3", 0, "1.2.9"]) expect(() => chooseSeries(series, pick)).toThrow(/no series is/);
  });

  test("a localizer, a screen shot and another modality do not compete with a CT, and are named", async () => {
    const localizer = other({ "0008,0008": "ORIGINAL\\PRIMARY\\LOCALIZER" })[0];
    const screen = {
      ...other({ "0008,0016": "1.2.840.10008.5.1.4.1.1.7", "0008,103e": "Screen" })[1],
      name: "s",
    };
    const mr = { ...other({ "0008,0060": "MR", "0008,103e": "Brain" })[2], name: "mr" };
    const { series } = await listSeries([localizer, screen, mr, ...slicesAt(FIVE)]);
    expect(series.map((one) => one.role)).toEqual(["stack", "stack", "localizer", "secondary-capture"]);
    const chosen = chooseSeries(series);
    expect(chosen.description).toBe("Chest");
    expect(chosen.diagnostics.at(-1)).toMatchObject({ code: "series-set-aside", severity: "info" });
    expect(chosen.diagnostics.at(-1)?.message).toMatch(
      /MR "Brain".*CT localizer "Bone".*CT secondary-capture "Screen"/,
    );
  });

  test("a series that makes no volume is listed with its reason, thrown when chosen or when reading strictly", async () => {
    const broken = slicesAt([50, 53, 60, 63], () => ({ "0020,000e": "1.2.3.2" })).map((s) => ({
      ...s,
      name: `b${s.name}`,
    }));
    const sources = [...broken, ...slicesAt(FIVE)];
    const { series } = await listSeries(sources);
    expect(series.map((one) => one.refusal?.code)).toEqual([undefined, "unfaithful-geometry"]);
    expect(() => chooseSeries(series, "1.2.3.2")).toThrow(/irregular/);
    expect(chooseSeries(series, "1.2.3.1").slices).toHaveLength(5);
    expect(() => chooseSeries(series)).toThrow(/2 series .*makes no volume/);
    await expect(readSeries(sources)).rejects.toMatchObject({ code: "unfaithful-geometry" });
  });

  test("what differs in orientation, size or spacing is another group; empty UIDs hold a group together", async () => {
    const without = (fields: CtFields) => () => ({
      "0020,000e": "",
      "0008,0018": "",
      "0020,0052": "",
      ...fields,
    });
    const sources = [
      ...slicesAt(FIVE, without({})),
      ...slicesAt([1, 2, 3], without({ "0020,0037": "0\\1\\0\\0\\0\\-1" })),
      ...slicesAt([1, 2], without({ "0028,0030": "0.8\\0.5" })),
      ...slicesAt([1], without({ "0028,0010": 1 })),
    ].map((source, i) => ({ ...source, name: String(i) }));
    const groups = groupSeries((await readHeaders(sources)).headers);
    expect(groups.map((group) => group.headers.length)).toEqual([5, 3, 2, 1]);
  });

  test("cosines and spacings written with other roundings are the same", async () => {
    const rounded = (_: number, i: number) => ({
      "0020,0037": i % 2 ? "1\\0\\0\\0\\1\\0" : "0.99999999\\0\\1e-5\\0\\1\\0",
    });
    expect((await only(slicesAt(FIVE, rounded))).slices).toHaveLength(5);
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
