import { afterEach, describe, expect, test, vi } from "vitest";
import { compileDeflatedWasm } from "../../src/core/compile_deflated_wasm.js";
import { startForeign } from "../../src/decode/codecs/jpeg_2000/emscripten_module.js";
import { createHtj2kCodec } from "../../src/decode/codecs/jpeg_2000/htj2k.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000/jpeg_2000.js";
import { createBigEndianCodec } from "../../src/decode/codecs/raw/big_endian.js";
import { firstDifference } from "../support/arrays.js";
import { frameOf } from "../support/dct_images.js";
import { corpusFrames, rowsOf, valuesSha256 } from "../support/dct_reference.js";
import { hasCorpus } from "../support/dicom_data.js";
import { openEncoders } from "../support/jpeg_2000_encode.js";

const encoders = await openEncoders();

function ramp(rows: number, columns: number, precision: number) {
  const samples = Uint16Array.from({ length: rows * columns }, (_, i) => (i * 3) % 2 ** precision);
  return { rows, columns, precision, samples };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ["OpenJPEG", encoders.jpeg2000, createJpeg2000Codec],
  ["OpenJPH", encoders.htj2k, createHtj2kCodec],
] as const)("%s", (_, encode, createCodec) => {
  const image = ramp(40, 50, 12);
  const bytes = encode(image, { decompositions: 2 });

  test("prints nothing, on good frames and bad", async () => {
    const written = (["log", "info", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
    const codec = await createCodec();
    codec.decode(bytes, frameOf(image));
    const broken = bytes.slice();
    broken[56] = 0xff;
    expect(() => codec.decode(broken, frameOf(image))).toThrow(
      expect.objectContaining({ code: "decode-failed" }),
    );
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
  });

  test("decodes on after a failure inside, as a new instance", async () => {
    const codec = await createCodec();
    for (let n = 0; n < 3; n++) {
      // The exponent of the width of code-blocks, where the decoder alone looks.
      const broken = bytes.slice();
      broken[bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0x52) + 10] = 0x77;
      expect(() => codec.decode(broken, frameOf(image))).toThrow(/^Open(JPEG|JPH): /);
      expect(firstDifference(codec.decode(bytes, frameOf(image)), image.samples)).toBe(-1);
    }
  });

  test("a large frame goes through, and a small one after it", async () => {
    const codec = await createCodec();
    const large = ramp(1700, 1500, 12);
    expect(firstDifference(codec.decode(encode(large), frameOf(large)), large.samples)).toBe(-1);
    expect(firstDifference(codec.decode(bytes, frameOf(image)), image.samples)).toBe(-1);
  });

  test("results are the caller's own: later frames leave them as they are", async () => {
    const codec = await createCodec();
    const first = codec.decode(bytes, frameOf(image));
    const other = { ...image, samples: image.samples.map((value) => 4095 - value) };
    codec.decode(encode(other, { decompositions: 2 }), frameOf(image));
    expect(firstDifference(first, image.samples)).toBe(-1);
    expect(first.buffer.byteLength).toBe(image.samples.byteLength);
  });
});

test("memory does not grow beyond what it was limited to", async () => {
  const { createInstance, DEFLATED_WASM_BASE85 } = await import(
    "../../src/decode/wasm/openjpeg.generated.js"
  );
  type Members = { J2KDecoder: new () => { getEncodedBuffer(length: number): Uint8Array } };
  const instance = startForeign<Members>(await compileDeflatedWasm(DEFLATED_WASM_BASE85), createInstance);
  const decoder = new instance.members.J2KDecoder();
  instance.limitMemory(80 * 2 ** 20);
  expect(decoder.getEncodedBuffer(60 * 2 ** 20).length).toBe(60 * 2 ** 20);
  const grown = instance.memoryBytes();
  expect(grown).toBeGreaterThan(60 * 2 ** 20);
  expect(() => decoder.getEncodedBuffer(200 * 2 ** 20)).toThrow();
  expect(instance.memoryBytes()).toBe(grown);
});

describe("explicit big endian", () => {
  test("words are swapped, bytes are not, and the bytes given stay as they were", async () => {
    const codec = await createBigEndianCodec();
    const bytes = Uint8Array.of(0x01, 0x02, 0xff, 0xfe, 0x80, 0x00, 9);
    const frame = frameOf({ rows: 1, columns: 3, precision: 16 });
    expect([...codec.decode(bytes, frame)]).toEqual([0x0102, 0xfffe, 0x8000]);
    expect([...codec.decode(bytes, { ...frame, pixelRepresentation: 1 })]).toEqual([0x0102, -2, -32768]);
    expect([...codec.decode(bytes.subarray(1), frame)]).toEqual([0x02ff, 0xfe80, 0x0009]);
    const wide = frameOf({ rows: 1, columns: 1, precision: 32 }, { bitsAllocated: 32 });
    expect([...codec.decode(bytes, wide)]).toEqual([0x0102fffe]);
    expect([...codec.decode(bytes, frameOf({ rows: 1, columns: 7, precision: 8 }))]).toEqual([...bytes]);
    expect([...bytes]).toEqual([0x01, 0x02, 0xff, 0xfe, 0x80, 0x00, 9]);
    expect(() => codec.decode(bytes.subarray(0, 5), frame)).toThrow(
      expect.objectContaining({ code: "truncated" }),
    );
  });

  const rows = rowsOf(["1.2.840.10008.1.2.2"]).filter((row) => row.expected === "decode");

  test.skipIf(!hasCorpus).each(rows)("$file gives its hash (needs ../shared/data)", async (row) => {
    const codec = await createBigEndianCodec();
    const { frames, frame } = await corpusFrames(row.file);
    expect(valuesSha256(frames.map((bytes) => codec.decode(bytes, frame)))).toBe(row.values_sha256);
  });
});
