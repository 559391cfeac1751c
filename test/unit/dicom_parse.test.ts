// Over 300 lines: a table of what is read and what is refused, field by field.
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { parseImage, parseSlice } from "../../src/dicom/image/parse_header.js";
import {
  CT_PIXELS,
  type CtFields,
  ctElements,
  ctFile,
  ctSource,
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

/** A source that adds up what was read from it. */
function counting(source: ByteSource): ByteSource & { bytesRead: number } {
  const counted = {
    ...source,
    bytesRead: 0,
    read: (start: number, end: number) => {
      counted.bytesRead += end - start;
      return source.read(start, end);
    },
  };
  return counted;
}

describe("fields", () => {
  test("of an explicit little endian slice", async () => {
    const bytes = ctFile();
    const header = await parseSlice(bytesSource("a.dcm", bytes));
    expect(header).toMatchObject({
      transferSyntax: EXPLICIT,
      studyInstanceUid: "1.2.3",
      seriesInstanceUid: "1.2.3.1",
      sopInstanceUid: "1.2.3.4",
      modality: "CT",
      imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      seriesDescription: "Chest",
      numberOfFrames: 1,
      rows: 2,
      columns: 3,
      samplesPerPixel: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 0,
      pixelSpacing: [0.75, 0.5],
      imagePositionPatient: [-10, -20, 30],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      sliceLocation: 30,
      sliceThickness: 5,
      rescaleSlope: 1,
      rescaleIntercept: -1024,
      pixelData: { offset: bytes.length - 12, length: 12, encapsulated: false },
    });
    expect(header.diagnostics).toBeUndefined();
    expect(header.spacingBetweenSlices).toBeUndefined();
  });

  test("never hold the patient's name", async () => {
    const header = await parseSlice(ctSource("a.dcm"));
    expect(JSON.stringify(header)).not.toContain("DO^NOT^SHOW");
  });

  test("decimal strings with spaces, signs, exponents and padding", async () => {
    const header = await parseSlice(
      ctSource("a", { "0020,0032": " +1.5e1 \\-.25\\ 3. \0", "0020,1041": "-1234.567890123" }),
    );
    expect(header.imagePositionPatient).toEqual([15, -0.25, 3]);
    expect(header.sliceLocation).toBe(-1234.567890123);
  });

  test.each([
    ["0020,0032", "1\\2"],
    ["0020,0037", "1\\0\\0\\0\\1"],
    ["0028,0030", "0.5"],
    ["0028,1053", "1,5"],
    ["0028,1053", "0x10"],
    ["0028,1052", "NaN"],
    ["0028,1052", "1e999"],
  ])("%s is %j: malformed, with tag and file", async (tag, value) => {
    const wanted = { code: "malformed-dicom", fields: { file: "bad.dcm", tag: `(${tag})` } };
    await expect(parseSlice(ctSource("bad.dcm", { [tag]: value }))).rejects.toMatchObject(wanted);
  });

  test("empty and missing attributes are undefined, BitsStored and HighBit follow from BitsAllocated", async () => {
    const fields: CtFields = {
      "0008,0018": "",
      "0020,000e": "\0",
      "0020,1041": "  ",
      "0020,0032": undefined,
      "0028,0101": undefined,
      "0028,0102": undefined,
    };
    const header = await parseSlice(ctSource("a", fields));
    expect(header.sopInstanceUid).toBeUndefined();
    expect(header.seriesInstanceUid).toBeUndefined();
    expect(header.sliceLocation).toBeUndefined();
    expect(header.imagePositionPatient).toBeUndefined();
    expect([header.bitsStored, header.highBit]).toEqual([16, 15]);
  });

  test("descriptions in the file's character set", async () => {
    const latin = await parseSlice(
      ctSource("a", { "0008,0005": "ISO_IR 100", "0008,103e": Uint8Array.of(0x54, 0xf6) }),
    );
    expect(latin.seriesDescription).toBe("Tö");
    const utf8 = new TextEncoder().encode("胸部");
    const chinese = await parseSlice(ctSource("a", { "0008,0005": "ISO_IR 192", "0008,103e": utf8 }));
    expect(chinese.seriesDescription).toBe("胸部");
  });
});

describe("encodings", () => {
  test("implicit little endian", async () => {
    const elements = [
      ...ctElements({}, { implicit: true }),
      element("7fe0,0010", "OW", CT_PIXELS, { implicit: true }),
    ];
    const header = await parseSlice(bytesSource("a", file({ transferSyntax: IMPLICIT, elements })));
    expect(header).toMatchObject({ transferSyntax: IMPLICIT, rows: 2, columns: 3, sliceLocation: 30 });
  });

  test.each([true, false])(
    "no preamble and no meta information, implicit %s: read as it looks, and said so",
    async (implicit) => {
      const elements = [...ctElements({}, { implicit }), element("7fe0,0010", "OW", CT_PIXELS, { implicit })];
      const header = await parseSlice(bytesSource("a", file({ preamble: false, elements })));
      expect(header.transferSyntax).toBe(implicit ? IMPLICIT : EXPLICIT);
      expect(header.diagnostics).toMatchObject([
        { severity: "warning", code: "transfer-syntax-assumed", files: ["a"] },
      ]);
    },
  );

  test("explicit is declared but the data set is implicit: read as it is, and said so", async () => {
    const elements = [
      ...ctElements({}, { implicit: true }),
      element("7fe0,0010", "OW", CT_PIXELS, { implicit: true }),
    ];
    const header = await parseSlice(bytesSource("a", file({ transferSyntax: EXPLICIT, elements })));
    expect(header.transferSyntax).toBe(IMPLICIT);
    expect(header.diagnostics).toMatchObject([{ code: "transfer-syntax-contradicted" }]);
  });

  test("sequences, an icon with pixel data of its own and 64-bit elements do not hide the image", async () => {
    const icon = element("0088,0200", "SQ", joined([item(joined([element("0028,0010", "US", 9), pixels]))]));
    const open = joined([item(element("0008,0100", "SH", "X"), 10), SEQUENCE_END]);
    const sequence = element("0008,1140", "SQ", open, { length: 0xffffffff });
    const table = element("7fe0,0001", "OV", new Uint8Array(16));
    const elements = [sequence, ...ctElements(), icon, table, pixels];
    const header = await parseSlice(bytesSource("a", file({ transferSyntax: EXPLICIT, elements })));
    expect(header).toMatchObject({ rows: 2, columns: 3, pixelData: { length: 12 } });
  });

  test("long values and sequences that nobody reads are jumped over, one that is read is read through", async () => {
    const long = element("0029,1010", "OB", new Uint8Array(5_000_000));
    const text = (bytes: number) => element("0040,0007", "LT", new Uint8Array(bytes));
    const unread = element("0040,0275", "SQ", item(text(3_000_000)));
    const table = [
      element("0028,3002", "US", new Uint8Array([2, 0, 0, 0, 16, 0])),
      element("0028,3006", "OW", Uint8Array.of(1, 0, 2, 0)),
    ];
    const read = element("0028,3000", "SQ", item(joined([text(60_000), ...table])));
    const elements = [...ctElements({ "0028,1053": "2" }), read, long, unread, pixels];
    const source = counting(bytesSource("a", file({ transferSyntax: EXPLICIT, elements })));
    const header = await parseSlice(source);
    expect(header).toMatchObject({ rescaleSlope: 2, pixelData: { length: 12 } });
    expect([...header.modalityLut!.values]).toEqual([1, 2]);
    expect(source.bytesRead).toBeLessThan(200_000);
  });

  test("only the head of a file is read", async () => {
    const elements = [
      ...ctElements({ "0028,0010": 2000, "0028,0011": 2000 }),
      element("7fe0,0010", "OW", new Uint8Array(8e6)),
    ];
    const source = counting(bytesSource("a", file({ transferSyntax: EXPLICIT, elements })));
    await parseSlice(source);
    expect(source.bytesRead).toBeLessThanOrEqual(16 * 1024);
  });
});

describe("refusals", () => {
  const refused = async (bytes: Uint8Array, name = "folder/x.dcm") =>
    parseSlice(bytesSource(name, bytes)).then(
      () => "read",
      (error: { code?: string; message: string; fields?: { file?: string } }) => {
        expect(error.message).toContain(name);
        expect(error.message).not.toContain("\n");
        expect(error.fields?.file).toBe(name);
        return error.code;
      },
    );

  test("what is not DICOM", async () => {
    expect(await refused(new Uint8Array(0), "empty")).toBe("not-dicom");
    expect(await refused(new Uint8Array(5000))).toBe("not-dicom");
    expect(await refused(new TextEncoder().encode("hello\n".repeat(100)))).toBe("not-dicom");
    expect(await refused(Uint8Array.from({ length: 4096 }, (_, i) => (i * 197) ^ (i >> 3)))).toBe(
      "not-dicom",
    );
  });

  test("an empty file that is called .dcm", async () => {
    expect(await refused(new Uint8Array(0))).toBe("truncated");
  });

  test("a Git LFS pointer", async () => {
    const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 526464\n`;
    expect(await refused(new TextEncoder().encode(text))).toBe("git-lfs-pointer");
  });

  test("every shortened copy of a slice, at any byte", async () => {
    const bytes = ctFile();
    const codes = new Set<string | undefined>();
    for (let length = 132; length < bytes.length; length++)
      codes.add(await refused(bytes.subarray(0, length)));
    // Cut before its SOP Class nothing says that it is no image, and its slice may be missing.
    expect([...codes]).toEqual(["truncated"]);
    const described = bytes.length - 12 - 200;
    for (let length = described; length < bytes.length; length++) {
      expect(await refused(bytes.subarray(0, length)), `${length} bytes`).toBe("truncated");
    }
  });

  test("any byte changed: a header or a tagged refusal", async () => {
    const bytes = ctFile();
    for (let at = 132; at < bytes.length; at++) {
      for (const value of [0, 255, bytes[at] ^ 1]) {
        const copy = bytes.slice();
        copy[at] = value;
        expect(await refused(copy), `byte ${at} is ${value}`).toMatch(/./);
      }
    }
  });

  test("no pixel data: no image, unless all else of one is there", async () => {
    const report = [
      element("0008,0016", "UI", "1.2.840.10008.5.1.4.1.1.88.11"),
      element("0008,0060", "CS", "SR"),
    ];
    expect(await refused(file({ transferSyntax: EXPLICIT, elements: report }))).toBe("unsupported-image");
    expect(await refused(file({ transferSyntax: EXPLICIT, elements: ctElements() }))).toBe("truncated");
  });

  test.each<[string, CtFields]>([
    ["unsupported-image", { "0028,0004": "RGB", "0028,0002": 3 }],
    ["unsupported-image", { "0028,0004": "PALETTE COLOR" }],
    ["unsupported-image", { "0028,0004": "YBR_FULL_422", "0028,0002": 3 }],
    ["malformed-dicom", { "0028,0002": 3 }],
    ["malformed-dicom", { "0028,0010": 0 }],
    ["malformed-dicom", { "0028,0010": undefined }],
    ["malformed-dicom", { "0028,0011": 4 }],
    ["malformed-dicom", { "0028,0100": 12 }],
    ["malformed-dicom", { "0028,0101": 17 }],
    ["malformed-dicom", { "0028,0102": 10 }],
    ["malformed-dicom", { "0028,0102": 16 }],
    ["malformed-dicom", { "0028,0103": 2 }],
    ["malformed-dicom", { "0028,0008": "2" }],
    ["malformed-dicom", { "0028,0008": "1A" }],
  ])("%s: %j", async (code, fields) => {
    expect(await refused(ctFile(fields))).toBe(code);
  });

  test("transfer syntaxes that are not read, by name", async () => {
    const bytes = file({ transferSyntax: "1.2.3.4", elements: [...ctElements(), pixels] });
    const wanted = { code: "unsupported-transfer-syntax", fields: { transferSyntax: "1.2.3.4" } };
    await expect(parseSlice(bytesSource("a", bytes))).rejects.toMatchObject(wanted);
  });

  test("a length of pixel data that its transfer syntax forbids, where the bytes do not tell what they are", async () => {
    const compressed = encapsulated([new Uint8Array(0), Uint8Array.of(0xff, 0xd8)]);
    expect(await refused(file({ transferSyntax: EXPLICIT, elements: [...ctElements(), compressed] }))).toBe(
      "malformed-dicom",
    );
    const stream = element(
      "7fe0,0010",
      "OB",
      Uint8Array.of(0xff, 0xd8, 0xff, 0xc3, 0, 11, 12, 0, 2, 0, 3, 1),
    );
    expect(await refused(file({ transferSyntax: JPEG_LOSSLESS, elements: [...ctElements(), stream] }))).toBe(
      "malformed-dicom",
    );
  });

  test("a sequence nested without end does not exhaust the stack", async () => {
    const open = joined([
      element("0008,1140", "SQ", "", { length: 0xffffffff }),
      item(new Uint8Array(0), 0xffffffff),
    ]);
    const elements = [joined(Array.from({ length: 20_000 }, () => open)), pixels];
    expect(await refused(file({ transferSyntax: EXPLICIT, elements }))).toBe("malformed-dicom");
  });

  test("a source that cannot be read", async () => {
    const source: ByteSource = {
      name: "gone",
      size: 1000,
      read: () => Promise.reject(new Error("no such device")),
    };
    await expect(parseSlice(source)).rejects.toMatchObject({ code: "io", fields: { file: "gone" } });
  });

  test("a source that shrank", async () => {
    const source: ByteSource = { name: "short", size: 1000, read: async () => new Uint8Array(10) };
    await expect(parseSlice(source)).rejects.toMatchObject({ code: "truncated", fields: { file: "short" } });
  });
});

test("for decoding alone, what is wrong with place and rescale does not matter; what is wrong with the pixels does", async () => {
  const bytes = ctFile({ "0028,0030": "wide", "0020,0032": "1\\2", "0028,1053": "NaN" });
  await expect(parseSlice(bytesSource("a", bytes))).rejects.toMatchObject({ code: "malformed-dicom" });
  expect(await parseImage(bytesSource("a", bytes))).toMatchObject({ rows: 2, columns: 3, numberOfFrames: 1 });
  await expect(parseImage(ctSource("a", { "0028,0010": 3 }))).rejects.toMatchObject({
    code: "malformed-dicom",
  });
});
