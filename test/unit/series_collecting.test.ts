import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { groupSeries } from "../../src/dicom/series/group_images.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { readHeaders } from "../../src/dicom/series/read_headers.js";
import { type CtFields, ctSource } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";
import { FIVE, only, slicesAt } from "../support/small_stacks.js";

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
