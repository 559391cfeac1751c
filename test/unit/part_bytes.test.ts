import { describe, expect, test } from "vitest";
import { partBytes } from "../../src/engine/part_bytes.js";
import { seededRandom } from "../support/random.js";

/** What every WebGPU device takes. */
const least = { maxBufferBytes: 2 ** 28, maxBindingBytes: 2 ** 27 };

describe("parts of a volume that is too large for one buffer", () => {
  test.each([
    ["512 x 512", 512 * 512 * 2, 255],
    ["1024 x 1024", 1024 * 1024 * 2, 63],
    // 529416 is 8 * 66177: every 32nd slice begins on a multiple of 256.
    ["515 x 513", 516 * 513 * 2, 224],
    ["a mask of 512 x 512", 512 * 64, 4095],
  ])("of slices of %s are of whole slices", (_, sliceBytes, slices) => {
    expect(partBytes(least, sliceBytes)).toBe(slices * sliceBytes);
  });

  test("fit in a binding and a buffer, begin where bindings may, and hold whole units wherever they can", () => {
    const random = seededRandom(11);
    const between = (low: number, high: number) => Math.floor(low * (high / low) ** random());
    for (let i = 0; i < 5000; i++) {
      const limits = {
        maxBufferBytes: between(2 ** 10, 2 ** 32),
        maxBindingBytes: between(2 ** 10, 2 ** 32),
      };
      const unitBytes = 4 * between(1, 2 ** 24);
      const bytes = partBytes(limits, unitBytes);
      const said = JSON.stringify({ limits, unitBytes, bytes });
      expect(bytes % 256, said).toBe(0);
      expect(bytes, said).toBeGreaterThan(0);
      expect(bytes, said).toBeLessThanOrEqual(limits.maxBufferBytes);
      expect(bytes, said).toBeLessThan(limits.maxBindingBytes);
      // The least number of units that ends on a multiple of 256.
      let units = 1;
      while ((units * unitBytes) % 256 !== 0) units *= 2;
      const fits = units * unitBytes <= Math.min(limits.maxBufferBytes, limits.maxBindingBytes - 256);
      expect(bytes % unitBytes === 0, said).toBe(fits || bytes % unitBytes === 0);
    }
  });
});
