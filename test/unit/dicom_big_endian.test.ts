import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { readFrame } from "../../src/dicom/image/pixel_data.js";
import type { SliceHeader } from "../../src/dicom/image/slice_header.js";
import {
  BIG_ENDIAN,
  CT_PIXELS,
  type CtFields,
  ctElements,
  ctSource,
  EXPLICIT,
  element,
  encapsulated,
  file,
} from "../support/dicom_file.js";

const writing = { bigEndian: true };

function bigEndianFile(
  fields: CtFields,
  pixelVr: string,
  pixels: Uint8Array,
  transferSyntax?: string,
): Uint8Array {
  const elements = [...ctElements(fields, writing), element("7fe0,0010", pixelVr, pixels, writing)];
  return file({ transferSyntax, elements });
}

const parsed = (bytes: Uint8Array) => parseSlice(bytesSource("b.dcm", bytes));

const SWAPPED = Uint8Array.from(CT_PIXELS, (_, i) => CT_PIXELS[i ^ 1]);
const BYTES = { "0028,0100": 8, "0028,0101": 8, "0028,0102": 7, "0028,0010": 1, "0028,0011": 3 };

test("the header is that of the same image in little endian, its frame as it is in the file", async () => {
  const same = ({ source, transferSyntax, pixelData, ...rest }: SliceHeader) => rest;
  const header = await parsed(bigEndianFile({}, "OW", SWAPPED, BIG_ENDIAN));
  expect(same(header)).toEqual(same(await parseSlice(ctSource("a"))));
  expect(header.transferSyntax).toBe(BIG_ENDIAN);
  expect(await readFrame(header)).toEqual(SWAPPED);
});

test("numbers of 32 and 64 bits and sequences are read too", async () => {
  const double = new Uint8Array(8);
  new DataView(double.buffer).setFloat64(0, -1000.5);
  const nested = Uint8Array.from([0xff, 0xfe, 0xe0, 0x00, 0, 0, 0, 10, 0, 0x28, 0, 0x10, 85, 83, 0, 2, 9, 9]);
  const elements = [
    element("0008,1140", "SQ", nested, writing),
    ...ctElements({ "0028,1052": undefined, "0028,1053": undefined, "0028,0010": undefined }, writing),
    element("0028,0010", "UL", Uint8Array.of(0, 0, 0, 2), writing),
    element("0028,1052", "FD", double, writing),
    element("7fe0,0010", "OW", SWAPPED, writing),
  ];
  const header = await parsed(file({ transferSyntax: BIG_ENDIAN, elements }));
  expect([header.rows, header.rescaleIntercept]).toEqual([2, -1000.5]);
});

test("8-bit samples in words change places, across frames of odd length too; in bytes they do not", async () => {
  const fields = { ...BYTES, "0028,0008": "3" };
  const words = await parsed(
    bigEndianFile(fields, "OW", Uint8Array.of(2, 1, 4, 3, 6, 5, 8, 7, 0, 9), BIG_ENDIAN),
  );
  const frames = await Promise.all([0, 1, 2].map((frame) => readFrame(words, frame)));
  expect(frames.map((frame) => [...frame])).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const bytes = await parsed(bigEndianFile(BYTES, "OB", Uint8Array.of(1, 2, 3, 0), BIG_ENDIAN));
  expect(await readFrame(bytes)).toEqual(Uint8Array.of(1, 2, 3));
});

test("the bytes decide where the declared transfer syntax says otherwise, and that is reported", async () => {
  for (const declared of [EXPLICIT, "1.2.840.10008.1.2", undefined]) {
    const header = await parsed(bigEndianFile({}, "OW", SWAPPED, declared));
    expect(header).toMatchObject({ transferSyntax: BIG_ENDIAN, rows: 2, columns: 3 });
    expect(header.diagnostics?.[0].code).toMatch(/^transfer-syntax-(assumed|contradicted)$/);
  }
  const little = file({
    transferSyntax: BIG_ENDIAN,
    elements: [...ctElements(), element("7fe0,0010", "OW", CT_PIXELS)],
  });
  expect(await parsed(little)).toMatchObject({ transferSyntax: EXPLICIT, rows: 2 });
});

test("compressed pixel data and short ones are refused", async () => {
  const items = encapsulated([new Uint8Array(0), CT_PIXELS]).subarray(12);
  const pixels = element("7fe0,0010", "OB", items, { ...writing, length: 0xffffffff });
  const elements = [...ctElements({}, writing), pixels];
  await expect(parsed(file({ transferSyntax: BIG_ENDIAN, elements }))).rejects.toMatchObject({
    code: "malformed-dicom",
  });
  await expect(parsed(bigEndianFile({}, "OW", SWAPPED.subarray(2), BIG_ENDIAN))).rejects.toMatchObject({
    code: "malformed-dicom",
    fields: { file: "b.dcm", got: 10, accepted: 12 },
  });
});
