import { constants, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { inflateRaw } from "../../src/dicom/syntax/inflate.js";
import { joined } from "../support/dicom_file.js";
import { randomInteger, seededRandom } from "../support/random.js";

const inflated = (bytes: Uint8Array) => joined([...inflateRaw(bytes)]);

/** Bytes with runs, repeats near and far, and noise. */
function sample(random: () => number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const count = randomInteger(random, 1, 600);
    const kind = randomInteger(random, 0, 2);
    const back = randomInteger(random, 1, Math.max(1, Math.min(at, 40_000)));
    const noise = randomInteger(random, 1, 255);
    for (let i = 0; i < count && at < length; i++, at++) {
      bytes[at] = kind === 0 ? noise : kind === 1 && at >= back ? bytes[at - back] : random() * noise;
    }
  }
  return bytes;
}

test.each([0, 1, 6, 9])("what zlib deflates at level %i comes back", (level) => {
  const random = seededRandom(level);
  for (const length of [0, 1, 2, 31, 258, 32_768, 131_072, 131_073, 500_000, 1_000_000]) {
    const bytes = sample(random, length);
    for (const strategy of [
      constants.Z_DEFAULT_STRATEGY,
      constants.Z_FIXED,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
    ]) {
      const got = inflated(deflateRawSync(bytes, { level, strategy }));
      expect(Buffer.compare(got, bytes), `${length} bytes, strategy ${strategy}`).toBe(0);
    }
  }
});

test("what follows the last block is left alone", () => {
  const bytes = sample(seededRandom(5), 1000);
  expect(inflated(joined([deflateRawSync(bytes), Uint8Array.of(0)]))).toEqual(bytes);
  expect(inflated(joined([deflateRawSync(bytes), new Uint8Array(100).fill(255)]))).toEqual(bytes);
});

test("every cut is `truncated`, never an early end", () => {
  const deflated = deflateRawSync(sample(seededRandom(6), 5000));
  for (let length = 0; length < deflated.length; length++) {
    expect(() => inflated(deflated.subarray(0, length)), String(length)).toThrow(
      expect.objectContaining({ code: "truncated", fields: { offset: length } }),
    );
  }
});

test.each([
  ["a block of type 3", [0b111]],
  ["stored lengths that disagree", [1, 1, 0, 1, 0, 0]],
  ["a distance before the first byte", [0b00000011, 0b00000010, 0, 0, 0]],
])("%s is refused with an offset", (_, bytes) => {
  expect(() => inflated(Uint8Array.from(bytes))).toThrow(
    expect.objectContaining({ code: "malformed-dicom", fields: { offset: expect.any(Number) } }),
  );
});

test("damage gives other bytes or a tagged refusal, and a promise of a gigabyte is given in chunks", () => {
  const random = seededRandom(7);
  const deflated = deflateRawSync(sample(random, 20_000));
  for (let i = 0; i < 3000; i++) {
    const damaged = Uint8Array.from(deflated);
    damaged[randomInteger(random, 0, damaged.length - 1)] ^= 1 << randomInteger(random, 0, 7);
    try {
      inflated(damaged);
    } catch (error) {
      expect(["truncated", "malformed-dicom"]).toContain((error as { code?: string }).code);
    }
  }
  const bomb = deflateRawSync(new Uint8Array(2 ** 27), { level: 9 });
  let bytes = 0;
  let longest = 0;
  for (const chunk of inflateRaw(bomb)) {
    bytes += chunk.length;
    longest = Math.max(longest, chunk.length);
  }
  expect(bytes).toBe(2 ** 27);
  expect(longest).toBeLessThan(150_000);
});
