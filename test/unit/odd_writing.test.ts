// Over 300 lines: each rule of docs/sources.md, "Tolerated", that looks behind, before or around what is
// read, with an input just inside and one just outside of it.
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Repair } from "../../src/core/errors.js";
import { parseSlice, parseSlices } from "../../src/dicom/image/parse_header.js";
import { readFrame } from "../../src/dicom/image/pixel_data.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";
import { encodeRle } from "../fuzz/encode.js";
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
import { positionsFrom, stackFiles } from "../support/generated_stack.js";

const RLE = "1.2.840.10008.1.2.5";
const ITEM_END = Uint8Array.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]);
const pixels = element("7fe0,0010", "OW", CT_PIXELS);
const text = (letters: string) => new TextEncoder().encode(letters);

async function read(bytes: Uint8Array) {
  const header = await parseSlice(bytesSource("x.dcm", bytes));
  return { header, codes: (header.diagnostics ?? []).map(({ code }) => code) };
}

async function expectWhole(bytes: Uint8Array, codes: readonly string[]): Promise<void> {
  const { header, codes: got } = await read(bytes);
  expect(got).toEqual(codes);
  expect(header).toMatchObject({ rows: 2, columns: 3, rescaleIntercept: -1024, sliceThickness: 5 });
  expect([...(await readFrame(header))]).toEqual([...CT_PIXELS]);
}

const refusal = (bytes: Uint8Array) =>
  parseSlice(bytesSource("x.dcm", bytes)).then(
    () => "read",
    (error: { code: string; message: string }) => error,
  );

describe("where a file without its prefix begins", () => {
  const bare = joined([...ctElements(), pixels]);
  const meta = joined([
    element("0002,0002", "UI", "1.2.840.10008.5.1.4.1.1.2"),
    element("0002,0010", "UI", EXPLICIT),
  ]);

  test("behind a preamble of zeros, or behind the prefix alone", async () => {
    await expectWhole(joined([new Uint8Array(128), bare]), ["transfer-syntax-assumed"]);
    await expectWhole(joined([new Uint8Array(128), meta, bare]), []);
    await expectWhole(joined([text("DICM"), meta, bare]), []);
    for (const before of [new Uint8Array(127), new Uint8Array(128).fill(1), text("DICN")])
      expect(await refusal(joined([before, bare]))).toMatchObject({ code: "not-dicom" });
  });

  test("with a command group, as the network has it", async () => {
    const implicit = { implicit: true };
    const all = [...ctElements({}, implicit), element("7fe0,0010", "OW", CT_PIXELS, implicit)];
    const command = (length: number) => element("0000,0000", "UL", new Uint8Array(length).fill(20), implicit);
    await expectWhole(joined([command(4), ...all]), ["transfer-syntax-assumed"]);
    expect(await refusal(joined([command(6), ...all]))).toMatchObject({ code: "not-dicom" });
  });

  test("with a sequence of undefined length before all else", async () => {
    const implicit = { implicit: true };
    const all = [...ctElements({}, implicit).slice(1), element("7fe0,0010", "OW", CT_PIXELS, implicit)];
    const sequence = (inside: Uint8Array) =>
      element("0008,0006", "SQ", inside, { implicit: true, length: 0xffffffff });
    const code = item(element("0008,0100", "SH", "en", implicit));
    await expectWhole(joined([sequence(joined([code, SEQUENCE_END])), ...all]), ["transfer-syntax-assumed"]);
    expect(await refusal(joined([sequence(text("no items at all!")), ...all]))).toMatchObject({
      code: "not-dicom",
    });
  });
});

describe("how elements are written", () => {
  const of = (elements: readonly Uint8Array[], transferSyntax = EXPLICIT) =>
    file({ transferSyntax, elements });
  const without = (tag: string) => ctElements({ [tag]: undefined });

  test("the first element may be the one that is odd: its VR is none, or left out", async () => {
    const rest = [...without("0008,0008"), pixels];
    await expectWhole(of([element("0008,0008", "??", "ORIGINAL"), ...rest]), ["vr-unknown"]);
    await expectWhole(of([element("0008,0005", "CS", "ISO_IR 100", { implicit: true }), ...rest]), [
      "vr-missing",
    ]);
  });

  test("a VR that is none, of file meta information and of what is needed", async () => {
    const head = [element("0002,0100", "??", "abcd"), ...ctElements(), pixels];
    await expectWhole(of(head), ["vr-unknown"]);
    const odd = ctElements().map((bytes) =>
      bytes[0] === 0x28 && [0x10, 0x03].includes(bytes[2]) ? withVr(bytes, "??") : bytes,
    );
    await expectWhole(of([...odd, pixels]), ["vr-unknown"]);
  });

  test("a row of unknown VRs is believed up to eight of them", async () => {
    const row = (count: number) =>
      Array.from({ length: count }, (_, k) => element(`5001,101${k}`, "??", "abcd"));
    await expectWhole(of([...ctElements(), ...row(8), pixels]), ["vr-unknown"]);
  });

  test("pixel data whose VR is none, or left out", async () => {
    const long = joined([Uint8Array.of(0xe0, 0x7f, 0x10, 0), text("OX"), Uint8Array.of(0, 0, 12, 0, 0, 0)]);
    await expectWhole(of([...ctElements(), long, CT_PIXELS]), ["vr-unknown"]);
    const bare = element("7fe0,0010", "OW", CT_PIXELS, { implicit: true });
    await expectWhole(of([...ctElements(), bare]), ["vr-missing"]);
  });

  test("an explicit element among implicit ones", async () => {
    const implicit = { implicit: true };
    const all = [
      ...ctElements({}, implicit),
      element("0029,1010", "LO", "abcdef"),
      element("7fe0,0010", "OW", CT_PIXELS, implicit),
    ];
    await expectWhole(of(all, IMPLICIT), ["vr-in-implicit"]);
  });

  test("deflated by its transfer syntax, and not deflated", async () => {
    await expectWhole(of([...ctElements(), pixels], DEFLATED), ["deflate-missing"]);
    expect(await refusal(of([text("no deflated bytes")], DEFLATED))).not.toBe("read");
  });

  test("the SOP Class of file meta information counts where the data set has none", async () => {
    const directory = element("0002,0002", "UI", "1.2.840.10008.1.3.10");
    const cut = element("0004,1220", "SQ", new Uint8Array(0), { length: 500 });
    const bytes = file({ transferSyntax: EXPLICIT, elements: [cut] });
    expect(await refusal(bytes)).toMatchObject({ code: "truncated" });
    const known = joined([bytes.subarray(0, 132), directory, bytes.subarray(132)]);
    expect(await refusal(known)).toMatchObject({ code: "unsupported-image" });
  });
});

function withVr(bytes: Uint8Array, vr: string): Uint8Array {
  const copy = bytes.slice();
  copy.set(text(vr), 4);
  return copy;
}

describe("values", () => {
  test("an empty one behind all others is none", async () => {
    await expectWhole(ctFile({ "0020,0032": "-10\\-20\\30\\", "0028,0030": "0.75\\0.5\\" }), [
      "value-followed-by-none",
      "value-followed-by-none",
    ]);
    for (const spacing of ["0.75\\", "\\0.75\\0.5", "0.75\\0.5\\1"])
      expect(await refusal(ctFile({ "0028,0030": spacing }))).toMatchObject({ code: "malformed-dicom" });
  });

  test.each(["monochrome2", "MONOCHROME 2", "Monochrome2"])("%s is MONOCHROME2", async (written) => {
    await expectWhole(ctFile({ "0028,0004": written }), ["photometric-odd"]);
  });

  test("MONOCHROME3 is refused", async () => {
    expect(await refusal(ctFile({ "0028,0004": "MONOCHROME3" }))).toMatchObject({ code: "malformed-dicom" });
  });

  test("a VOI LUT that cannot be read refuses nothing", async () => {
    const lut = element("0028,3010", "SQ", text("no items at all!"));
    await expectWhole(file({ transferSyntax: EXPLICIT, elements: [...ctElements(), lut, pixels] }), [
      "delimiter-misplaced",
      "voi-lut-unreadable",
    ]);
  });
});

describe("pixel data", () => {
  const stream = encodeJpegLossless(Uint16Array.of(0, 1, 2, 3, 4, 5), { rows: 2, columns: 3, precision: 12 });
  const jpeg = stream.length % 2 === 0 ? stream : joined([stream, Uint8Array.of(0)]);
  const rle = encodeRle(Uint16Array.of(0, 1, 2, 3, 4, 5));
  const NONE = new Uint8Array(0);
  const compressed = (transferSyntax: string, data: Uint8Array, fields: CtFields = {}) =>
    bytesSource("x.dcm", file({ transferSyntax, elements: [...ctElements(fields), data] }));

  const FRAMES: readonly (readonly [string, Uint8Array])[] = [
    [JPEG_LOSSLESS, jpeg],
    [RLE, rle],
  ];
  test.each<[string, Uint8Array]>([
    ["nothing", NONE],
    ["zeros", new Uint8Array(40)],
    ["a half of it", SEQUENCE_END.subarray(0, 4)],
    ["all of it but a byte", SEQUENCE_END.subarray(0, 7)],
    ["a newline", text("\n")],
    ["the delimiter of an item", ITEM_END],
    ["the next element", element("fffc,fffc", "OB", new Uint8Array(10))],
  ])("%s in place of the delimiter: the frame is whole, and it is said", async (_, end) => {
    for (const [syntax, frame] of FRAMES) {
      const source = compressed(syntax, encapsulated([NONE, frame], end));
      expect([...(await readFrame(await parseSlice(source)))]).toEqual([...frame]);
      const { series } = await listSeries([source]);
      expect(series[0].diagnostics.map(({ code }) => code)).toContain("delimiter-missing");
    }
  });

  test("a code stream without its end marker, or a further item that is cut, is refused there", async () => {
    const cut = encapsulated([NONE, jpeg.subarray(0, jpeg.length - 4)], new Uint8Array(8));
    const more = encapsulated([NONE, jpeg], item(new Uint8Array(4), 400));
    for (const data of [cut, more]) {
      const header = await parseSlice(compressed(JPEG_LOSSLESS, data));
      await expect(readFrame(header)).rejects.toMatchObject({
        code: expect.stringMatching(/truncated|malformed/),
      });
    }
  });

  test("two frames declared and one there is truncated, whatever follows it", async () => {
    const source = compressed(JPEG_LOSSLESS, encapsulated([NONE, jpeg], text("\n")), { "0028,0008": "2" });
    await expect(readFrame(await parseSlice(source), 0)).rejects.toMatchObject({ code: "truncated" });
  });

  test("the first item is a code stream: the table of offsets was left out", async () => {
    for (const [syntax, frame] of FRAMES) {
      const source = compressed(syntax, encapsulated([frame]));
      expect([...(await readFrame(await parseSlice(source)))]).toEqual([...frame]);
      const { series } = await listSeries([source]);
      expect(series[0].diagnostics.map(({ code }) => code)).toContain("offset-table-missing");
    }
    const two = compressed(JPEG_LOSSLESS, encapsulated([jpeg.subarray(0, 20), jpeg.subarray(20)]));
    expect([...(await readFrame(await parseSlice(two)))]).toEqual([...jpeg]);
    const table = compressed(JPEG_LOSSLESS, encapsulated([new Uint8Array(4), jpeg]));
    const { series } = await listSeries([table]);
    expect(series[0].diagnostics.map(({ code }) => code)).not.toContain("offset-table-missing");
  });

  test("samples of 12 bits without gaps", async () => {
    const packed = (bytes: number[]) =>
      file({
        transferSyntax: EXPLICIT,
        elements: [
          ...ctElements({ "0028,0100": 12, "0028,0010": 1, "0028,0011": 3 }),
          element("7fe0,0010", "OW", Uint8Array.from(bytes)),
        ],
      });
    // 0x123, 0x456, 0x789: the lowest bits first.
    const { header, codes } = await read(packed([0x23, 0x61, 0x45, 0x89, 0x07, 0]));
    expect([header.bitsAllocated, codes]).toEqual([16, ["samples-packed"]]);
    expect([...new Uint16Array((await readFrame(header)).buffer)]).toEqual([0x123, 0x456, 0x789]);
    for (const bytes of [
      [0x23, 0x61, 0x45, 0x89],
      [0x23, 0x61, 0x45, 0x89, 7, 0, 0, 0],
    ])
      expect(await refusal(packed(bytes))).toMatchObject({ code: "malformed-dicom" });
  });

  test("a frame more than declared is told of, less than a frame more is padding", async () => {
    const longer = (bytes: number) =>
      file({
        transferSyntax: EXPLICIT,
        elements: [...ctElements(), element("7fe0,0010", "OW", joined([CT_PIXELS, new Uint8Array(bytes)]))],
      });
    expect((await read(longer(12))).codes).toEqual(["pixel-data-longer"]);
    expect((await read(longer(10))).codes).toEqual([]);
  });

  test("another file behind the pixel data is told of, and what is behind zeros", async () => {
    const behind = (tail: Uint8Array) => joined([ctFile(), tail]);
    await expectWhole(behind(ctFile()), ["file-behind-pixels"]);
    await expectWhole(behind(joined([new Uint8Array(64), text("\n")])), ["tail-ignored"]);
    for (const zeros of [8, 300]) await expectWhole(behind(new Uint8Array(zeros)), []);
    for (const zeros of [1, 7]) await expectWhole(behind(new Uint8Array(zeros)), ["tail-ignored"]);
  });
});

describe("slices that lost their places", () => {
  const listed = async (fields: (k: number) => CtFields, allow: readonly Repair[] = []) => {
    const positions = positionsFrom([0, 0, 0], [0, 0, 0], 4);
    const files = stackFiles({ positions, fields, name: (k) => `${k}.dcm`, hu: (_, k) => 10 * k });
    return (await listSeries(files, { allow })).series;
  };
  const numbered = (k: number): CtFields => ({ "0020,0013": String(9 - k) });

  test.each<[string, (k: number) => CtFields]>([
    ["Image Position is 0 in all", numbered],
    ["Image Position is 0 in all, and so is Slice Location", (k) => ({ ...numbered(k), "0020,1041": "0" })],
    [
      "there is no Image Position, and one Slice Location",
      (k) => ({ ...numbered(k), "0020,0032": undefined, "0020,1041": "7" }),
    ],
  ])("%s: refused, with Instance Numbers to go by where that is allowed", async (_, fields) => {
    const [refused] = await listed(fields);
    expect(refused.refusal).toMatchObject({ fields: { allow: ["assumed-spacing"] } });
    const [made] = await listed(fields, ["assumed-spacing"]);
    expect([made.refusal, made.slices.map(({ source }) => source.name)]).toEqual([
      undefined,
      ["3.dcm", "2.dcm", "1.dcm", "0.dcm"],
    ]);
  });

  test("Slice Locations that differ contradict positions that do not", async () => {
    const [refused] = await listed((k) => ({ ...numbered(k), "0020,1041": String(k) }), ["assumed-spacing"]);
    expect(refused.refusal).toMatchObject({ code: "unfaithful-geometry" });
  });
});

test("positions of 2.5 mm without decimals are even where a header says 2.5", async () => {
  const listed = async (thickness: string) => {
    const positions = [0, 3, 5, 8, 10, 13, 15].map((z): [number, number, number] => [0, 0, z]);
    const { series } = await listSeries(
      stackFiles({ positions, fields: () => ({ "0018,0050": thickness }) }),
    );
    return series[0];
  };
  const even = await listed("2.5");
  expect(even.diagnostics.map(({ code }) => code)).toContain("slices-uneven");
  expect((await listed("2")).refusal).toMatchObject({ code: "unfaithful-geometry" });
});

test("frames of a multi-frame image without functional groups are read from packed samples too", async () => {
  const elements = [
    ...ctElements({ "0028,0100": 12, "0028,0008": "2", "0028,0010": 1, "0028,0011": 2 }),
    element("7fe0,0010", "OW", Uint8Array.of(0x23, 0x61, 0x45, 0xbc, 0x9a, 0x78)),
  ];
  const [header] = await parseSlices(bytesSource("x.dcm", file({ transferSyntax: EXPLICIT, elements })));
  expect([...new Uint16Array((await readFrame(header, 1)).buffer)]).toEqual([0xabc, 0x789]);
});
