import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { openArchives } from "../../src/sources/open_archives.js";
import { type CtFields, ctFile, ctSource, EXPLICIT, element, file, IMPLICIT } from "../support/dicom_file.js";
import { positionsFrom, stackFiles } from "../support/generated_stack.js";
import { seededRandom } from "../support/random.js";

const COUNT = 5;
const stack = (fields: CtFields = {}, folder = "") =>
  stackFiles({
    positions: positionsFrom([0, 0, 0], [0, 0, 2], COUNT),
    name: (k) => `${folder}00${k}.dcm`,
    fields: () => fields,
  });
const HTML = new TextEncoder().encode(`<html>${"504 Gateway Time-out ".repeat(30)}</html>`);

async function listed(sources: readonly ByteSource[], broken?: "list") {
  const { series, diagnostics, broken: errors } = await listSeries(sources, { broken });
  return { first: series[0], series, codes: diagnostics.map(({ code }) => code), diagnostics, errors };
}

const cut = (bytes: Uint8Array, by = 5) => bytes.subarray(0, bytes.length - by);

describe("a file that is no DICOM", () => {
  test.each([
    ["000.dcm", "its own name"],
    ["005.dcm", "as slices are called, but for the number"],
    ["last.dcm", "its extension"],
    ["x.IMA", "its extension"],
  ])("%s may be a slice by %s: refused, or left out and said", async (name) => {
    for (const bytes of [HTML, new Uint8Array(2000), new Uint8Array(0)]) {
      const sources = [...stack().slice(1), bytesSource(name, bytes)];
      const { first, diagnostics } = await listed(sources);
      expect(first.refusal).toMatchObject({ fields: { file: name, broken: "list" } });
      expect(diagnostics).toMatchObject([{ severity: "warning", files: [name] }]);
      const without = await listed(sources, "list");
      expect([without.first.refusal, without.codes]).toEqual([undefined, ["broken-file"]]);
    }
  });

  test("in the middle it is named, and not the gap that it leaves", async () => {
    const sources = stack().map((source, k) => (k === 2 ? bytesSource(source.name, HTML) : source));
    const { first } = await listed(sources);
    expect(first.refusal).toMatchObject({ fields: { file: sources[2].name, broken: "list" } });
    expect((await listed(sources, "list")).first.refusal).toMatchObject({ code: "unfaithful-geometry" });
  });

  test.each(["notes.txt", "Index.csv", "readme"])("%s is a warning and refuses nothing", async (name) => {
    const { first, diagnostics, errors } = await listed([...stack(), bytesSource(name, HTML)]);
    expect([first.refusal, errors]).toEqual([undefined, []]);
    expect(diagnostics).toMatchObject([{ code: "not-dicom", severity: "warning", files: [name] }]);
  });

  test.each([".DS_Store", "._001.dcm", "__MACOSX/001.dcm", "Thumbs.db", "desktop.ini"])(
    "%s is litter",
    async (name) => {
      const { first, codes } = await listed([...stack(), bytesSource(name, HTML)]);
      expect([first.refusal, codes]).toEqual([undefined, []]);
    },
  );

  test("in another folder than the slices it is none of them, unless these lie in several", async () => {
    const other = bytesSource("b/005.dcm", HTML);
    const apart = await listed([...stack({}, "a/"), other]);
    expect([apart.first.refusal, apart.codes]).toEqual([undefined, ["not-dicom"]]);
    const spread = stack().map((source, k) => ({ ...source, name: `${k}/IM` }));
    const { first } = await listed([...spread, bytesSource("5/IM.dcm", HTML)]);
    expect(first.refusal?.code).toBe("not-dicom");
  });
});

/** Implicit, with nothing but zeros behind its SOP Class. */
function zeroed(sopClassUid: string, more: readonly Uint8Array[] = []): Uint8Array {
  const implicit = { implicit: true };
  const elements = [element("0008,0016", "UI", sopClassUid, implicit), ...more, new Uint8Array(904)];
  return file({ transferSyntax: IMPLICIT, elements });
}

describe("a broken neighbor", () => {
  const OTHER: CtFields = { "0020,000e": "1.2.3.9" };
  const report = (bytes: Uint8Array) =>
    file({
      transferSyntax: EXPLICIT,
      elements: [
        element("0008,0016", "UI", "1.2.840.10008.5.1.4.1.1.88.67"),
        element("0008,0060", "CS", "SR"),
        bytes,
      ],
    });

  test.each<[string, Uint8Array, string]>([
    ["a cut image of another series", cut(ctFile(OTHER)), "broken-file"],
    ["a header without its image, of another series", ctFile(OTHER).subarray(0, -24), "broken-file"],
    [
      "a localizer with one spacing, of the same series",
      ctFile({ "0008,0008": "ORIGINAL\\PRIMARY\\LOCALIZER", "0028,0030": "0.5" }),
      "broken-file",
    ],
    [
      "a secondary capture of 12 bits",
      ctFile({ "0008,0016": "1.2.840.10008.5.1.4.1.1.7", "0028,0100": 12 }),
      "broken-file",
    ],
    [
      "another modality without a Series UID",
      cut(ctFile({ "0020,000e": undefined, "0008,0060": "MR" })),
      "broken-file",
    ],
    [
      "an unknown transfer syntax in another series",
      file({ transferSyntax: "1.2.3.4", elements: [ctFile(OTHER).subarray(132 + 28)] }),
      "broken-file",
    ],
    ["a report with a newline behind it", report(Uint8Array.of(10)), "object-set-aside"],
    ["a report with an unknown VR", report(element("0040,a730", "??", "abcd")), "object-set-aside"],
  ])("%s: the good stack is made, and the file named", async (_, bytes, code) => {
    const { first, diagnostics } = await listed([...stack(), bytesSource("other.dcm", bytes)]);
    expect(first.refusal).toBeUndefined();
    expect(first.slices).toHaveLength(COUNT);
    expect(diagnostics).toMatchObject([{ severity: "warning", code, files: ["other.dcm"] }]);
  });

  test.each<[string, Uint8Array]>([
    ["of the same series", cut(ctFile())],
    ["that ends before its Series UID", ctFile().subarray(0, 200)],
    ["with nothing but a preamble", ctFile().subarray(0, 132)],
    ["that ends between two elements", ctFile({ "0008,0016": undefined }).subarray(0, 132 + 28 + 38)],
    ["whose SOP Class ends early, and with it all else", zeroed("1.2.840.1")],
    ["of an unknown SOP Class without anything behind it", zeroed("1.3.12.2.1107.5.9.1")],
  ])("one %s refuses it", async (_, bytes) => {
    const { first } = await listed([...stack(), bytesSource("006.dcm", bytes)]);
    expect(first.refusal).toMatchObject({ fields: { file: "006.dcm", broken: "list" } });
  });
});

test.each<[string, Uint8Array]>([
  [
    "an unknown SOP Class with a series of its own",
    zeroed("1.3.12.2.1107.5.9.1", [element("0020,000e", "UI", "1.2.3.9", { implicit: true })]),
  ],
  ["a hanging protocol, which has no series", zeroed("1.2.840.10008.5.1.4.38.1")],
])("%s is set aside and refuses nothing", async (_, bytes) => {
  const { first, codes, errors } = await listed([...stack(), bytesSource("006.dcm", bytes)]);
  expect([first.refusal, codes, errors]).toEqual([undefined, [], []]);
});

test("slices without an Image Type are of the only stack that agrees in all else, and of none of two", async () => {
  const untyped = stack({ "0008,0008": undefined });
  const mixed = [...stack().slice(0, 3), ...untyped.slice(3)];
  const { series } = await listed(mixed);
  expect(series.map(({ slices }) => slices.length)).toEqual([COUNT]);
  expect(series[0].diagnostics.map(({ code }) => code)).toContain("image-type-missing");
  const derived = stack({ "0008,0008": "DERIVED\\SECONDARY\\MPR" }, "b");
  const two = await listed([...mixed, ...derived.slice(0, 3)]);
  expect(two.series.map(({ slices }) => slices.length)).toEqual([3, 3, 2]);
  const elsewhere = stack({ "0008,0008": undefined, "0020,0052": "5.5" });
  const apart = await listed([...stack().slice(0, 3), ...elsewhere.slice(3)]);
  expect(apart.series.map(({ slices }) => slices.length)).toEqual([3, 2]);
});

test("a stack with one file removed, cut, or replaced 400 times: never short or mixed without a word", async () => {
  const random = seededRandom(11);
  const whole = await Promise.all(stack().map(({ read, size }) => read(0, size)));
  const strangers = await Promise.all(
    stack({ "0020,000d": "9.9", "0020,000e": "9.9.1", "0020,0052": "9.9.2" }).map(({ read, size }) =>
      read(0, size),
    ),
  );
  const pick = (below: number) => Math.floor(random() * below);
  for (let round = 0; round < 400; round++) {
    const k = pick(COUNT);
    const kind = pick(4);
    const replaced = [
      () => undefined,
      () => whole[k].subarray(0, pick(whole[k].length)),
      () => Uint8Array.from({ length: 1 + pick(900) }, () => pick(256)),
      () => strangers[pick(COUNT)],
    ][kind]();
    const sources = whole.flatMap((bytes, i) => {
      const given = i === k ? replaced : bytes;
      return given ? [bytesSource(`00${i}.dcm`, given)] : [];
    });
    const { series, diagnostics } = await listed(sources);
    const name = `round ${round}: file ${k}, kind ${kind}`;
    const own = series.find((one) => one.seriesInstanceUid === "1.2.3.1")!;
    expect(
      own.slices.every(({ studyInstanceUid }) => studyInstanceUid === "1.2.3"),
      name,
    ).toBe(true);
    // A slice that is not there at all, at an end of the stack, is the one thing that no file tells of.
    const isUntold = kind === 0 && (k === 0 || k === COUNT - 1);
    const isTold = own.refusal !== undefined || diagnostics.length > 0 || series.length > 1;
    expect(isTold, name).toBe(!isUntold);
    if (kind === 1 || kind === 2) expect(own.refusal, name).toBeDefined();
  }
});

test("an image of one of several times that is cut refuses that time, and the others are made", async () => {
  const times = [1, 2, 3].flatMap((time) =>
    stack({ "0020,0100": String(time), "0008,0032": `10000${time}` }, `${time}-`),
  );
  const bytes = await Promise.all(times.map(({ read, size }) => read(0, size)));
  const sources = (cutAt: readonly number[]) =>
    times.map(({ name }, i) => bytesSource(name, cutAt.includes(i) ? cut(bytes[i]) : bytes[i]));
  const made = async (cutAt: readonly number[]) =>
    (await listed(sources(cutAt))).series.map(({ refusal }) => refusal === undefined).sort();
  expect(await made([7])).toEqual([false, true, true]);
  expect(await made([7, 8])).toEqual([false, true, true]);
  // The same place of all three: no time lacks what another has, and each may be short.
  expect(await made([0, 5, 10])).toEqual([false, false, false]);
});

test("an end slice with another modality is told of as a warning where it has the Series UID of the stack", async () => {
  const chosen = async (fields: CtFields) => {
    const { series } = await listed([
      ...stack().slice(0, 4),
      ctSource("004.dcm", { "0008,0060": "CU", ...fields }),
    ]);
    const { slices, diagnostics } = chooseSeries(series);
    return [slices.length, diagnostics.find(({ code }) => code === "series-set-aside")?.severity];
  };
  expect(await chosen({})).toEqual([4, "warning"]);
  expect(await chosen({ "0020,000e": "1.2.3.9" })).toEqual([4, "info"]);
  // Every image has both (PS3.3 C.7.3.1, Type 1): one that lost either may be of any series.
  expect(await chosen({ "0020,000e": undefined })).toEqual([4, "warning"]);
  expect(await chosen({ "0020,000e": "1.2.3.9", "0008,0060": undefined })).toEqual([4, "warning"]);
});

test("a stack in which a slice has a sign and others have none says so", async () => {
  const codes = async (sign: (k: number) => number) => {
    const positions = positionsFrom([0, 0, 0], [0, 0, 2], 4);
    const files = stackFiles({ positions, fields: (k) => ({ "0028,0103": sign(k) }) });
    return (await listed(files)).series[0].diagnostics.map(({ code }) => code);
  };
  expect(await codes((k) => (k === 2 ? 1 : 0))).toContain("sign-varies");
  for (const all of [0, 1]) expect(await codes(() => all)).not.toContain("sign-varies");
});

test("an archive beside slices that cannot be opened refuses the series of its folder, and no other", async () => {
  const broken = bytesSource("a/more.zip", Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(60)));
  const all = [...stack({}, "a/"), ...stack({ "0020,000e": "1.2.3.9" }, "b/"), broken];
  const { series, diagnostics } = await listed(await openArchives(all));
  const refused = series.filter(({ refusal }) => refusal !== undefined);
  expect(refused.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual(["1.2.3.1"]);
  expect(refused[0].refusal).toMatchObject({ fields: { file: "a/more.zip", broken: "list" } });
  expect(diagnostics).toMatchObject([{ code: "broken-file", files: ["a/more.zip"] }]);
  const without = await listed(await openArchives(all), "list");
  expect(without.series.every(({ refusal }) => refusal === undefined)).toBe(true);
  await expect(openArchives([broken])).rejects.toMatchObject({ code: "malformed-archive" });
});

test.each<[string, (k: number) => CtFields, string | undefined]>([
  ["one Bits Stored", () => ({ "0028,0101": 12 }), undefined],
  ["another Bits Stored in one slice", (k) => (k === 2 ? { "0028,0101": 8 } : {}), "bits-vary"],
  ["another High Bit in one slice", (k) => (k === 4 ? { "0028,0102": 15 } : {}), "bits-vary"],
  ["one intercept", () => ({ "0028,1052": "-1000" }), undefined],
  ["another intercept in one slice", (k) => (k === 2 ? { "0028,1052": "-9024" } : {}), "rescale-varies"],
])("a stack of CT with %s", async (_, fields, code) => {
  const positions = positionsFrom([0, 0, 0], [0, 0, 2], COUNT);
  const { diagnostics } = (await listed(stackFiles({ positions, fields }))).series[0];
  const warned = diagnostics.filter(({ severity }) => severity === "warning").map(({ code }) => code);
  expect(warned).toEqual(code ? [code] : []);
});
