// Over 300 lines: each rule of docs/sources.md, "Tolerated", with an input just inside and one just outside
// of it.
import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { parseSlice, parseSlices } from "../../src/dicom/image/parse_header.js";
import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";
import {
  CT_PIXELS,
  type CtFields,
  ctElements,
  ctFile,
  DEFLATED,
  EXPLICIT,
  element,
  encapsulated,
  file,
  IMPLICIT,
  item,
  JPEG_LOSSLESS,
  joined,
  SEQUENCE_END,
} from "../support/dicom_file.js";

const pixels = element("7fe0,0010", "OW", CT_PIXELS);
const UNDEFINED = 0xffffffff;
const ITEM_END = Uint8Array.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]);
const implicit = { implicit: true };

async function read(bytes: Uint8Array, name = "x.dcm") {
  const header = await parseSlice(bytesSource(name, bytes));
  return { header, codes: (header.diagnostics ?? []).map(({ code }) => code) };
}

function refusal(bytes: Uint8Array) {
  return parseSlice(bytesSource("x.dcm", bytes)).then(
    () => "read",
    (error: { code: string; message: string; fields: object }) => error,
  );
}

/** An explicit CT slice with more elements among its own, all in order of their tags. */
function withElements(more: readonly Uint8Array[], fields: CtFields = {}, tail: readonly Uint8Array[] = []) {
  const tag = (bytes: Uint8Array) => (bytes[1] << 8) + bytes[0] + ((bytes[3] << 8) + bytes[2]) / 65536;
  const elements = [...ctElements(fields), ...more].sort((a, b) => tag(a) - tag(b));
  return file({ transferSyntax: EXPLICIT, elements: [...elements, pixels, ...tail] });
}

/** Whole: position and rescale are read, whatever was odd. */
async function expectWhole(bytes: Uint8Array, codes: readonly string[]): Promise<void> {
  const { header, codes: got } = await read(bytes);
  expect(got).toEqual(codes);
  expect(header).toMatchObject({
    rows: 2,
    columns: 3,
    rescaleSlope: 1,
    rescaleIntercept: -1024,
    imagePositionPatient: [-10, -20, 30],
    pixelData: { length: 12 },
  });
}

describe("a data set without preamble and file meta information", () => {
  const bare = (elements: readonly Uint8Array[]) => file({ preamble: false, elements });
  const assumed = ["transfer-syntax-assumed"];

  test.each([true, false])("whatever its first element, implicit %s", async (isImplicit) => {
    const writing = { implicit: isImplicit };
    const all = [...ctElements({}, writing), element("7fe0,0010", "OW", CT_PIXELS, writing)];
    // As a de-identifier leaves it: study date first; a long Image Type first; patient group first.
    const date = element("0008,0020", "DA", "20200101", writing);
    await expectWhole(bare([date, ...all.slice(3)]), assumed);
    const long = element("0008,0008", "CS", "ORIGINAL\\PRIMARY\\AXIAL\\".padEnd(180, "X"), writing);
    await expectWhole(bare([long, ...all.slice(1)]), assumed);
    const last = element("0018,0050", "DS", "5", writing);
    await expectWhole(bare([last, ...all.slice(8)]), assumed);
  });

  test("a first value that is longer than what is read of a file at once", async () => {
    const long = element("0008,0008", "UN", new Uint8Array(40_000));
    await expectWhole(bare([long, ...ctElements().slice(1), pixels]), assumed);
  });

  test.each<[string, Uint8Array]>([
    [
      "a page of HTML",
      new TextEncoder().encode(`<html><body>${"504 Gateway Time-out ".repeat(20)}</body></html>`),
    ],
    ["JSON", new TextEncoder().encode(JSON.stringify({ series: "x".repeat(300) }))],
    ["zeros", new Uint8Array(3000)],
    ["ones", new Uint8Array(3000).fill(255)],
    ["numbers", Uint8Array.from({ length: 3000 }, (_, i) => (i % 4 === 0 ? i / 4 : 0))],
    ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...new Uint8Array(300)])],
    ["a NIfTI header", Uint8Array.from([0x5c, 1, 0, 0, ...new Uint8Array(344)])],
    ["tags that do not ascend", joined([...ctElements().reverse(), pixels])],
    [
      "a length beyond the file",
      joined([...ctElements().slice(0, 2), element("0008,0020", "UN", "", { length: 9e6 })]),
    ],
  ])("is told from %s", async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: "not-dicom" });
  });
});

describe("file meta information", () => {
  const parts = (writing: object) => [
    element("0002,0000", "UL", Uint8Array.of(26, 0, 0, 0), writing),
    element("0002,0002", "UI", "1.2.840.10008.5.1.4.1.1.2", writing),
    element("0002,0010", "UI", EXPLICIT, writing),
  ];
  const start = [new Uint8Array(128), new TextEncoder().encode("DICM")];

  test("in implicit VR, with preamble and without", async () => {
    const elements = [...parts(implicit), ...ctElements(), pixels];
    await expectWhole(joined([...start, ...elements]), ["file-meta-implicit"]);
    await expectWhole(joined(elements), ["file-meta-implicit"]);
  });

  test("again in an implicit data set", async () => {
    const again = element("0002,0003", "UI", "1.2.3", implicit);
    const meta = [element("0002,0010", "UI", IMPLICIT)];
    const elements = [...ctElements({}, implicit), element("7fe0,0010", "OW", CT_PIXELS, implicit)];
    await expectWhole(joined([...start, ...meta, again, ...elements]), ["group-2-repeated"]);
  });
});

describe("value representations", () => {
  test.each(["RE", "??", "  ", "\0\0", "zz"])("%j is none: passed by its length", async (vr) => {
    for (const tag of ["0008,0041", "0009,1001"])
      await expectWhole(withElements([element(tag, vr, "abcd")]), ["vr-unknown"]);
  });

  test("one of 32-bit length, and several in a row", async () => {
    const wide = joined([
      Uint8Array.from([0x09, 0, 0x01, 0x10, 0x58, 0x58, 0, 0, 4, 0, 0, 0]),
      new TextEncoder().encode("abcd"),
    ]);
    await expectWhole(withElements([wide]), ["vr-unknown"]);
    const row = [1, 2, 3].map((k) => element(`0009,100${k}`, "??", "abcd"));
    await expectWhole(withElements(row), ["vr-unknown"]);
  });

  test("left out of one element", async () => {
    await expectWhole(withElements([element("0009,1001", "LO", "abcd", implicit)]), ["vr-missing"]);
  });

  test("no reading of its length leads to an element: refused, where nothing begins", async () => {
    const odd = Uint8Array.from([0x09, 0, 0x01, 0x10, 0x3f, 0x3f, 3, 0, 1, 2, 3, 4]);
    expect(await refusal(withElements([odd]))).toMatchObject({
      code: "malformed-dicom",
      message: expect.stringMatching(/no element begins at byte \d+/),
      fields: { sopClassUid: "1.2.840.10008.5.1.4.1.1.2", modality: "CT" },
    });
  });
});

describe("sequences", () => {
  const lut = (writing: object = {}) =>
    joined([
      element("0028,3002", "US", Uint8Array.of(2, 0, 0, 0, 16, 0), writing),
      element("0028,3006", "OW", Uint8Array.of(1, 0, 2, 0), writing),
    ]);
  const WITHOUT: CtFields = { "0028,1052": undefined, "0028,1053": undefined };
  const table = async (sequence: Uint8Array) => {
    const { header, codes } = await read(withElements([sequence], WITHOUT));
    expect([...(header.modalityLut?.values ?? [])]).toEqual([1, 2]);
    return codes;
  };
  const sequence = (vr: string, inside: Uint8Array, length?: number) =>
    element("0028,3000", vr, inside, { length });

  test("of VR Unknown and defined length (PS3.5 6.2.2)", async () => {
    expect(await table(sequence("UN", item(lut(implicit))))).toEqual([]);
    expect(await table(sequence("UN", joined([item(joined([lut(implicit), ITEM_END]), UNDEFINED)])))).toEqual(
      [],
    );
  });

  test("of VR Unknown, with explicit items, which the standard forbids", async () => {
    expect(await table(sequence("UN", joined([item(lut()), SEQUENCE_END]), UNDEFINED))).toEqual([
      "items-otherwise",
    ]);
    expect(await table(sequence("UN", item(lut())))).toEqual(["items-otherwise"]);
  });

  test("with implicit items in an explicit data set", async () => {
    const open = item(joined([lut(implicit), ITEM_END]), UNDEFINED);
    expect(await table(sequence("SQ", joined([open, SEQUENCE_END]), UNDEFINED))).toEqual(["items-otherwise"]);
    expect(await table(sequence("SQ", joined([item(lut(implicit)), SEQUENCE_END]), UNDEFINED))).toEqual([
      "items-otherwise",
    ]);
  });

  const open = item(lut(), UNDEFINED);
  test.each<[string, Uint8Array]>([
    ["the sequence's delimiter ends its item too", sequence("SQ", joined([open, SEQUENCE_END]), UNDEFINED)],
    [
      "the sequence's delimiter in place of the item's",
      sequence("SQ", joined([open, SEQUENCE_END, SEQUENCE_END]), UNDEFINED),
    ],
    ["between items too", sequence("SQ", joined([open, SEQUENCE_END, item(lut()), SEQUENCE_END]), UNDEFINED)],
    [
      "a delimiter behind an item of defined length",
      sequence("SQ", joined([item(lut()), ITEM_END, SEQUENCE_END]), UNDEFINED),
    ],
    ["a delimiter behind a sequence of defined length", joined([sequence("SQ", item(lut())), SEQUENCE_END])],
    [
      "an item without delimiter before the next",
      sequence("SQ", joined([open, item(lut()), SEQUENCE_END]), UNDEFINED),
    ],
    ["a sequence without delimiter before the next element", sequence("SQ", item(lut()), UNDEFINED)],
    [
      "a length that is an item short",
      sequence("SQ", joined([item(lut()), item(lut())]), item(lut()).length),
    ],
    ["a stray delimiter between elements", joined([ITEM_END, sequence("SQ", item(lut()))])],
  ])("delimiters: %s", async (_, bytes) => {
    expect(await table(bytes)).toEqual(["delimiter-misplaced"]);
  });

  test("a sequence that goes beyond the file is cut, and says how much is missing", async () => {
    const bytes = file({
      transferSyntax: EXPLICIT,
      elements: [...ctElements(WITHOUT), sequence("SQ", item(lut()), 5000)],
    });
    expect(await refusal(bytes)).toMatchObject({
      code: "truncated",
      message: expect.stringMatching(/inside element \(0028,3000\).*; 4962 bytes are missing/),
      fields: { seriesInstanceUid: "1.2.3.1", modality: "CT", sopClassUid: "1.2.840.10008.5.1.4.1.1.2" },
    });
  });

  test("an item that goes beyond its sequence is refused where it is read, and passed where it is not", async () => {
    const long = item(lut(), 400);
    expect(await refusal(withElements([sequence("SQ", long)], WITHOUT))).toMatchObject({
      code: "malformed-dicom",
    });
    const unread = element("0008,1140", "SQ", long);
    await expectWhole(withElements([unread, element("0009,1001", "??", "abcd")]), ["vr-unknown"]);
  });

  test("functional groups as Unknown of defined length", async () => {
    const group = (tag: string, inside: Uint8Array) => element(tag, "SQ", item(inside), implicit);
    const position = (z: number) =>
      item(group("0020,9113", element("0020,0032", "DS", `0\\0\\${z}`, implicit)));
    const perFrame = element("5200,9230", "UN", joined([position(1), position(3)]));
    const shared = element(
      "5200,9229",
      "UN",
      item(group("0020,9116", element("0020,0037", "DS", "1\\0\\0\\0\\1\\0", implicit))),
    );
    const two = element("7fe0,0010", "OW", joined([CT_PIXELS, CT_PIXELS]));
    const elements = [...ctElements({ "0028,0008": "2" }), shared, perFrame, two];
    const frames = await parseSlices(bytesSource("x", file({ transferSyntax: EXPLICIT, elements })));
    expect(frames.map((one) => one.imagePositionPatient)).toEqual([
      [0, 0, 1],
      [0, 0, 3],
    ]);
  });
});

describe("behind uncompressed pixel data", () => {
  const bytes = (...tail: number[]) => withElements([], {}, [Uint8Array.from(tail)]);

  test.each<[string, Uint8Array]>([
    ["a newline", bytes(10)],
    ["FFs", bytes(...new Uint8Array(64).fill(255))],
    ["values that no frame has", bytes(...new Uint8Array(40).fill(7))],
    ["a stray delimiter and a byte", bytes(...ITEM_END, 1)],
  ])("%s: said, and the pixel data are whole", async (_, file) => {
    await expectWhole(file, ["tail-ignored"]);
  });

  test("zeros, a delimiter, and proper elements are nothing to say anything of", async () => {
    await expectWhole(bytes(...new Uint8Array(64)), []);
    await expectWhole(bytes(...ITEM_END), []);
    await expectWhole(withElements([], {}, [element("fffc,fffc", "OB", new Uint8Array(10))]), []);
  });

  test("pixel data of another length than the frames take: what follows them counts", async () => {
    const longer = element("7fe0,0010", "OW", joined([CT_PIXELS, Uint8Array.of(1, 2, 3, 4)]));
    const elements = [...ctElements(), longer, Uint8Array.of(10)];
    expect(await refusal(file({ transferSyntax: EXPLICIT, elements }))).toMatchObject({
      code: "malformed-dicom",
    });
    await expectWhole(file({ transferSyntax: EXPLICIT, elements: [...ctElements(), pixels] }), []);
  });

  test("an element of the tail that is cut means that the file is", async () => {
    const cut = joined([
      element("fffa,fffa", "SQ", item(new Uint8Array(0))),
      element("fffc,fffc", "OB", new Uint8Array(10), { length: 500 }),
    ]);
    expect(await refusal(withElements([], {}, [cut]))).toMatchObject({ code: "truncated" });
  });

  test("rescale and all else of group 0028 there are read", async () => {
    const tags = (group: boolean) => ctElements().filter((one) => (one[0] === 0x28) === group);
    const elements = [...tags(false), pixels, ...tags(true)];
    await expectWhole(file({ transferSyntax: EXPLICIT, elements }), ["elements-behind-pixels"]);
    const rescale = ctElements().slice(-2);
    const before = ctElements().slice(0, -2);
    await expectWhole(file({ transferSyntax: EXPLICIT, elements: [...before, pixels, ...rescale] }), [
      "elements-behind-pixels",
    ]);
    const stream = encapsulated([new Uint8Array(0), Uint8Array.of(0xff, 0xd8)]);
    const { header, codes } = await read(
      file({ transferSyntax: JPEG_LOSSLESS, elements: [...before, stream, ...rescale] }),
    );
    expect([header.rescaleIntercept, codes]).toEqual([-1024, ["elements-behind-pixels"]]);
    const without = await read(file({ transferSyntax: JPEG_LOSSLESS, elements: [...before, stream] }));
    expect([without.header.rescaleIntercept, without.codes]).toEqual([undefined, []]);
  });
});

describe("values that nothing depends on", () => {
  const readOf = async (fields: CtFields) => read(ctFile(fields));

  test.each(["n/a", "NaN", "12mm", "0x10", "1e999", "1\\2"])(
    "Slice Location %j is not used",
    async (text) => {
      const { header, codes } = await readOf({ "0020,1041": text });
      expect([header.sliceLocation, codes]).toEqual([undefined, ["slice-location-unreadable"]]);
    },
  );

  test("a value given several times, the same each time, counts once", async () => {
    const { header, codes } = await readOf({
      "0020,1041": "30\\30.0",
      "0028,1053": "1.0\\1.0",
      "0020,0032": "-10\\-20\\30\\-10\\-20\\30",
    });
    expect(header).toMatchObject({ rescaleSlope: 1, imagePositionPatient: [-10, -20, 30] });
    expect(header.sliceLocation).toBe(30);
    expect(codes).toEqual(["value-repeated", "value-repeated", "value-repeated"]);
    for (const fields of [{ "0028,1053": "1\\2" }, { "0028,0030": "0.5" }, { "0028,1053": "\\1" }])
      expect(await refusal(ctFile(fields))).toMatchObject({ code: "malformed-dicom" });
  });

  test.each([
    ["0", 1],
    ["-1", 1],
    ["1.0", 1],
    ["2.0", 2],
    ["0.0", 1],
  ])("Number of Frames %j is %i", async (text, frames) => {
    const two = element("7fe0,0010", "OW", joined([CT_PIXELS, CT_PIXELS]));
    const elements = [...ctElements({ "0028,0008": text }), frames === 1 ? pixels : two];
    const { header, codes } = await read(file({ transferSyntax: EXPLICIT, elements }));
    expect([header.numberOfFrames, codes]).toEqual([frames, ["frame-count-odd"]]);
  });

  test.each(["1A", "1.5", "2", "2.0", "many"])(
    "Number of Frames %j of one frame's pixel data is refused",
    async (text) => {
      expect(await refusal(ctFile({ "0028,0008": text }))).toMatchObject({ code: "malformed-dicom" });
    },
  );

  test("Number of Frames 0 where the pixel data are of two is refused", async () => {
    const two = element("7fe0,0010", "OW", joined([CT_PIXELS, CT_PIXELS]));
    const elements = [...ctElements({ "0028,0008": "0" }), two];
    expect(await refusal(file({ transferSyntax: EXPLICIT, elements }))).toMatchObject({
      code: "malformed-dicom",
    });
  });

  test("Pixel Representation missing: unsigned, or as other attributes of its sign are", async () => {
    const plain = await readOf({ "0028,0103": undefined });
    expect([plain.header.pixelRepresentation, plain.codes]).toEqual([0, ["pixel-representation-missing"]]);
    const signed = withElements([element("0028,0120", "SS", Uint8Array.of(0x30, 0xf8))], {
      "0028,0103": undefined,
    });
    const { header } = await read(signed);
    expect([header.pixelRepresentation, header.pixelPaddingValue]).toEqual([1, -2000]);
    expect(await refusal(ctFile({ "0028,0103": 2 }))).toMatchObject({ code: "malformed-dicom" });
  });
});

describe("pixel data that their transfer syntax contradicts", () => {
  const stream = encodeJpegLossless(Uint16Array.of(0, 1, 2, 3, 4, 5), { rows: 2, columns: 3, precision: 12 });
  const even = stream.length % 2 === 0 ? stream : joined([stream, Uint8Array.of(0)]);
  const of = (transferSyntax: string, data: Uint8Array) =>
    read(file({ transferSyntax, elements: [...ctElements(), data] }));

  test("compressed in an uncompressed one: by the code stream", async () => {
    const { header, codes } = await of(EXPLICIT, encapsulated([new Uint8Array(0), even]));
    expect([header.transferSyntax, codes]).toEqual([
      "1.2.840.10008.1.2.4.57",
      ["transfer-syntax-contradicted"],
    ]);
  });

  test("uncompressed in a compressed one: samples", async () => {
    const { header, codes } = await of(JPEG_LOSSLESS, pixels);
    expect([header.transferSyntax, header.pixelData.encapsulated, codes]).toEqual([
      EXPLICIT,
      false,
      ["transfer-syntax-contradicted"],
    ]);
  });

  test("items under a defined length", async () => {
    const items = joined([item(new Uint8Array(0)), item(even), SEQUENCE_END]);
    const { header, codes } = await of(JPEG_LOSSLESS, element("7fe0,0010", "OB", items));
    expect([header.pixelData.encapsulated, codes]).toEqual([true, ["transfer-syntax-contradicted"]]);
  });

  test("GE's private syntax: big-endian pixel data in an implicit data set", async () => {
    const elements = [...ctElements({}, implicit), element("7fe0,0010", "OW", CT_PIXELS, implicit)];
    const { header, codes } = await read(file({ transferSyntax: "1.2.840.113619.5.2", elements }));
    expect([header.transferSyntax, codes]).toEqual(["1.2.840.10008.1.2.2", ["private-transfer-syntax"]]);
  });
});

test("a deflated data set as a zlib stream", async () => {
  const elements = joined([...ctElements(), pixels]);
  await expectWhole(file({ transferSyntax: DEFLATED, elements: [deflateSync(elements)] }), ["deflate-zlib"]);
  await expectWhole(file({ transferSyntax: DEFLATED, elements: [deflateRawSync(elements)] }), []);
});

describe("objects that are no image", () => {
  const report = (...more: Uint8Array[]) =>
    file({
      transferSyntax: EXPLICIT,
      elements: [
        element("0008,0016", "UI", "1.2.840.10008.5.1.4.1.1.88.67"),
        element("0008,0060", "CS", "SR"),
        element("0020,000e", "UI", "1.2.3.9"),
        ...more,
      ],
    });

  test.each<[string, Uint8Array]>([
    ["a newline behind it", report(Uint8Array.of(10))],
    ["an element that is cut", report(element("0040,a730", "SQ", new Uint8Array(4), { length: 500 }))],
    ["bytes that are no element", report(new Uint8Array(40).fill(9))],
  ])("a damaged report, %s: set aside by name, and the damage said", async (_, bytes) => {
    const error = await refusal(bytes);
    expect(error).toMatchObject({
      code: "unsupported-image",
      fields: { file: "x.dcm", seriesInstanceUid: "1.2.3.9", modality: "SR" },
      cause: { code: expect.stringMatching(/truncated|malformed/) },
    });
    expect(String(error)).toMatch(/radiation dose report/);
  });

  test("spectroscopy has rows and no pixels by nature", async () => {
    const elements = ctElements({ "0008,0016": "1.2.840.10008.5.1.4.1.1.4.2", "0008,0060": "MR" });
    const error = await refusal(file({ transferSyntax: EXPLICIT, elements }));
    expect(error).toMatchObject({
      code: "unsupported-image",
      message: expect.stringMatching(/MR spectroscopy/),
    });
  });
});
