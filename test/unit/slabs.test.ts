import { expect, test } from "vitest";
import { rowPitch } from "../../src/core/frame.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { slabsOf } from "../../src/volume/slabs.js";
import { cramped } from "../support/resampling.js";
import { gridOf } from "../support/volumes.js";

test.each([
  [[10, 3, 400], 6000],
  [[7, 5, 333], 4096],
  [[64, 64, 40], 8192 + 255],
  [[64, 64, 40], 8192 + 256],
  [[33, 9, 1000], 20_000],
] as const)(
  "slabs of %o fit a binding of %i bytes, whatever lies before them up to an offset's alignment",
  async (size, maxBindingBytes) => {
    const whole = await createCpuEngine();
    const engine = cramped(whole, { maxBindingBytes });
    const sliceBytes = rowPitch(size[0]) * size[1] * 2;
    if (sliceBytes + 256 > maxBindingBytes) {
      expect(() => slabsOf(engine, gridOf(size), sliceBytes)).toThrow(
        expect.objectContaining({ code: "limit-exceeded" }),
      );
    } else {
      const slabs = slabsOf(engine, gridOf(size), sliceBytes);
      expect(slabs.at(-1)?.z1).toBe(size[2]);
      for (const { z0, z1 } of slabs) {
        const start = z0 * sliceBytes;
        expect(z1 * sliceBytes - (start - (start % 256))).toBeLessThanOrEqual(maxBindingBytes);
      }
    }
    whole.destroy();
  },
);
