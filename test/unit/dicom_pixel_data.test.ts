import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { frameReader, readFrame } from "../../src/dicom/image/pixel_data.js";
import type { SliceHeader } from "../../src/dicom/image/slice_header.js";
import {
  CT_PIXELS,
  ctElements,
  ctSource,
  EXPLICIT,
  element,
  encapsulated,
  file,
  JPEG_LOSSLESS,
  joined,
} from "../support/dicom_file.js";

const NONE = new Uint8Array(0);
const SOI = [0xff, 0xd8];

function compressed(frames: number, items: readonly Uint8Array[], end?: Uint8Array): Uint8Array {
  const elements = [...ctElements({ "0028,0008": String(frames) }), encapsulated(items, end)];
  return file({ transferSyntax: JPEG_LOSSLESS, elements });
}

async function framesOf(bytes: Uint8Array, frames: number): Promise<number[][]> {
  const header = await parseSlice(bytesSource("x.dcm", bytes));
  return Promise.all(
    Array.from({ length: frames }, async (_, frame) => [...(await readFrame(header, frame))]),
  );
}

function u32s(...numbers: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

describe("uncompressed", () => {
  test("the frame's bytes, in a buffer of their own", async () => {
    const frame = await readFrame(await parseSlice(ctSource("a")));
    expect(frame).toEqual(CT_PIXELS);
    expect(frame.buffer.byteLength).toBe(frame.length);
    structuredClone(frame, { transfer: [frame.buffer as ArrayBuffer] });
    expect(frame.length).toBe(0);
  });

  test("of several frames the one asked for", async () => {
    const bytes = joined([CT_PIXELS, CT_PIXELS.map((byte) => byte + 1)]);
    const elements = [...ctElements({ "0028,0008": "2" }), element("7fe0,0010", "OW", bytes)];
    const header = await parseSlice(bytesSource("a", file({ transferSyntax: EXPLICIT, elements })));
    expect(await readFrame(header, 1)).toEqual(bytes.subarray(12));
    await expect(readFrame(header, 2)).rejects.toMatchObject({
      code: "invalid-option",
      fields: { frame: 2 },
    });
  });

  test("a file that shrank since its header was read", async () => {
    const header = await parseSlice(ctSource("a"));
    const short: SliceHeader = { ...header, source: bytesSource("a", new Uint8Array(10)) };
    await expect(readFrame(short)).rejects.toMatchObject({
      code: "truncated",
      fields: { file: "a", frame: 0 },
    });
  });
});

describe("compressed", () => {
  const a = Uint8Array.of(...SOI, 1, 2);
  const b = Uint8Array.of(...SOI, 3, 4, 5, 6);
  const tail = Uint8Array.of(7, 8);

  test("one frame in one fragment and in several, its buffer its own", async () => {
    expect(await framesOf(compressed(1, [NONE, a]), 1)).toEqual([[...a]]);
    expect(await framesOf(compressed(1, [NONE, a, tail, NONE, tail]), 1)).toEqual([[...a, ...tail, ...tail]]);
    const header = await parseSlice(bytesSource("a", compressed(1, [NONE, a])));
    const frame = await readFrame(header);
    expect(frame.buffer.byteLength).toBe(4);
  });

  test("a fragment for each frame, whatever the offset table says", async () => {
    for (const table of [NONE, u32s(0, 12), u32s(0xdeadbeef, 0xffffffff), u32s(0)]) {
      expect(await framesOf(compressed(2, [table, a, b]), 2)).toEqual([[...a], [...b]]);
    }
  });

  test("several fragments a frame by the offset table", async () => {
    // Items of 8 + 2, 8 + 2, 8 + 2 bytes: the second frame begins at the third.
    const bytes = compressed(2, [u32s(0, 20), tail, tail, tail]);
    expect(await framesOf(bytes, 2)).toEqual([
      [7, 8, 7, 8],
      [7, 8],
    ]);
  });

  test("several fragments a frame by the starts of the code streams, without a table or with a wrong one", async () => {
    for (const table of [NONE, u32s(0, 5)]) {
      expect(await framesOf(compressed(2, [table, a, tail, b, tail]), 2)).toEqual([
        [...a, ...tail],
        [...b, ...tail],
      ]);
    }
  });

  test("several fragments a frame by the extended offset table", async () => {
    const u64s = (...numbers: number[]) => new Uint8Array(BigUint64Array.from(numbers.map(BigInt)).buffer);
    const file64 = (table: Uint8Array) =>
      file({
        transferSyntax: JPEG_LOSSLESS,
        elements: [
          ...ctElements({ "0028,0008": "2" }),
          element("7fe0,0001", "OV", table),
          element("7fe0,0002", "OV", u64s(4, 2)),
          encapsulated([NONE, tail, tail, tail]),
        ],
      });
    expect(await framesOf(file64(u64s(0, 20)), 2)).toEqual([
      [7, 8, 7, 8],
      [7, 8],
    ]);
    for (const wrong of [u64s(0, 2 ** 40), u64s(0, 21), u64s(0), u64s(0, 20, 30), NONE]) {
      await expect(framesOf(file64(wrong), 2)).rejects.toMatchObject({ code: "malformed-dicom" });
    }
  });

  test("an extended offset table too long for a header's window", async () => {
    const count = 1500;
    const table = new Uint8Array(BigUint64Array.from({ length: count }, (_, i) => BigInt(i * 20)).buffer);
    const elements = [
      ...ctElements({ "0028,0008": String(count) }),
      element("7fe0,0001", "OV", table),
      encapsulated([NONE, ...Array.from({ length: 2 * count }, (_, i) => Uint8Array.of(i & 255, i >> 8))]),
    ];
    const header = await parseSlice(bytesSource("x.dcm", file({ transferSyntax: JPEG_LOSSLESS, elements })));
    expect(await readFrame(header, 1001)).toEqual(
      Uint8Array.of(2002 & 255, 2002 >> 8, 2003 & 255, 2003 >> 8),
    );
  });

  test("the items are read once for all frames, and again after a failure", async () => {
    const bytes = compressed(2, [NONE, a, tail, b, tail]);
    const reads: number[] = [];
    let fails = false;
    const source = {
      ...bytesSource("x.dcm", bytes),
      read: async (start: number, end: number) => {
        reads.push(start);
        if (fails) throw new Error("gone");
        return bytes.slice(start, end);
      },
    };
    const reader = frameReader(await parseSlice(source));
    fails = true;
    await expect(reader.read(0)).rejects.toMatchObject({ code: "io", fields: { frame: 0 } });
    fails = false;
    reads.length = 0;
    expect(await reader.read(1)).toEqual(joined([b, tail]));
    const first = reads.length;
    expect(await reader.read(0)).toEqual(joined([a, tail]));
    expect(reads.length).toBeLessThanOrEqual(first + 1);
  });

  test("RLE frames of several fragments, told by their headers", async () => {
    const rle = (n: number) => Uint8Array.of(n, 0, 0, 0, 64, 0, 0, 0, n, n);
    expect(await framesOf(compressed(2, [NONE, rle(2), tail, rle(4), tail]), 2)).toEqual([
      [...rle(2), ...tail],
      [...rle(4), ...tail],
    ]);
  });

  test("fragments larger than what is read at once", async () => {
    const large = new Uint8Array(3_000_000).map((_, i) => i * 7);
    const [frame] = await framesOf(compressed(1, [NONE, a, large, tail]), 1);
    expect(frame.length).toBe(4 + 3_000_000 + 2);
    expect(frame.slice(1_999_999, 2_000_003)).toEqual(
      [1_999_995, 1_999_996, 1_999_997, 1_999_998].map((i) => (i * 7) & 255),
    );
    expect(frame.slice(-2)).toEqual([7, 8]);
  });

  test("a missing delimiter is a cut file, even where the last fragment is whole", async () => {
    for (const end of [NONE, Uint8Array.of(0xfe, 0xff)]) {
      const bytes = compressed(1, [NONE, a], end);
      await expect(framesOf(bytes, 1)).rejects.toMatchObject({
        code: "truncated",
        fields: { file: "x.dcm", frame: 0, offset: bytes.length },
      });
    }
  });

  const refusal = (bytes: Uint8Array, frame = 0) =>
    parseSlice(bytesSource("x.dcm", bytes)).then((header) => readFrame(header, frame));

  test("fewer fragments than frames, or none", async () => {
    const wanted = { code: "truncated", fields: { file: "x.dcm" } };
    await expect(refusal(compressed(3, [NONE, a, b]), 2)).rejects.toMatchObject({
      ...wanted,
      fields: { frame: 2 },
    });
    await expect(refusal(compressed(1, [NONE]))).rejects.toMatchObject(wanted);
    await expect(refusal(compressed(1, []))).rejects.toMatchObject(wanted);
  });

  test("fragments that no rule gives to frames", async () => {
    const bytes = compressed(2, [NONE, tail, tail, tail]);
    await expect(refusal(bytes)).rejects.toMatchObject({
      code: "malformed-dicom",
      fields: { file: "x.dcm", frame: 0 },
    });
  });

  test("a fragment longer than the file, and a file cut anywhere in it", async () => {
    const bytes = compressed(1, [NONE, b], NONE);
    for (let cut = 1; cut <= b.length + 8; cut++) {
      await expect(refusal(bytes.subarray(0, bytes.length - cut)), `cut by ${cut}`).rejects.toMatchObject({
        code: "truncated",
        fields: { file: "x.dcm", frame: 0, offset: expect.any(Number) },
      });
    }
  });

  test("items that are none", async () => {
    const elements = [
      ...ctElements(),
      element("7fe0,0010", "OB", new Uint8Array(40).fill(7), { length: 0xffffffff }),
    ];
    const bytes = file({ transferSyntax: JPEG_LOSSLESS, elements });
    await expect(refusal(bytes)).rejects.toMatchObject({
      code: "malformed-dicom",
      fields: { file: "x.dcm", frame: 0 },
    });
  });

  test("an abort stops it with the signal's reason", async () => {
    const header = await parseSlice(bytesSource("a", compressed(1, [NONE, a])));
    await expect(readFrame(header, 0, AbortSignal.abort("stop"))).rejects.toBe("stop");
  });
});
