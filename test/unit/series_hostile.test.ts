import { expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { REPAIRS } from "../../src/dicom/geometry/repairs.js";
import { listSeries, type Series } from "../../src/dicom/series/list_series.js";
import {
  enhancedSource,
  longs,
  measuresMacro,
  orientationMacro,
  positionMacro,
  valuesMacro,
} from "../support/enhanced_ct.js";
import { type Point, stackFiles } from "../support/generated_stack.js";
import { seededRandom } from "../support/random.js";

const ZS = [30, 32, 34, 36, 38];

async function bytesOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, source.size);
}

/** Bytes changed, digits among them more often: positions and counts that are numbers still, but others. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice();
  const digits = [...copy.keys()].filter((at) => copy[at] >= 0x30 && copy[at] <= 0x39);
  const changes = 1 + Math.floor(random() * 3);
  for (let n = 0; n < changes; n++) {
    const isDigit = random() < 0.7;
    const at = isDigit ? digits[Math.floor(random() * digits.length)] : Math.floor(random() * copy.length);
    const texts = [0x2d, 0x2e, 0x65, 0x5c, 0x20, 0x30 + Math.floor(random() * 10)];
    copy[at] = isDigit ? texts[Math.floor(random() * texts.length)] : Math.floor(random() * 256);
  }
  return copy;
}

/** A grid that a volume can be allocated on; and a plan, if any, that names slices there are. */
function expectSound({ grid, slices, resampling }: Series): void {
  expect([...grid.size, ...grid.spacingMm].every((number) => Number.isFinite(number) && number > 0)).toBe(
    true,
  );
  expect([...grid.originMm, ...grid.direction].every(Number.isFinite)).toBe(true);
  expect(grid.size.every(Number.isInteger)).toBe(true);
  if (!resampling) expect(grid.size[2]).toBe(slices.length);
  for (const { below, above, weight } of resampling?.slices ?? []) {
    expect(slices[below] && slices[above]).toBeDefined();
    expect(above - below).toBe(weight === 0 ? 0 : 1);
    expect(weight).toBeGreaterThanOrEqual(0);
    expect(weight).toBeLessThan(1);
  }
}

const single = stackFiles({
  positions: ZS.map((z): Point => [-10, -20, z]),
  fields: (k) => ({ "0020,0012": "1", "0020,0013": String(k), "0020,1041": String(ZS[k]) }),
});
const enhanced = enhancedSource("enhanced", {
  shared: {
    ...orientationMacro("1\\0\\0\\0\\1\\0"),
    ...measuresMacro("0.75\\0.5", "2"),
    ...valuesMacro("1", "-1024"),
  },
  perFrame: ZS.map((z, k) => ({
    ...positionMacro(`-10\\-20\\${z}`),
    "0020,9111": [{ "0020,9157": longs(1, k + 1, 1), "0020,9056": ["SH", "1"] }],
  })),
  dimensions: ["0020,9056", "0020,9057", "0020,9128"],
  frames: ZS.map((z) => [z, 1, 2, 3, 4, 5]),
});

test.each([
  ["a stack of five files", single],
  ["an enhanced image of five frames", [enhanced]],
])("%s, damaged 600 times: a sound volume or a tagged refusal", async (_, sources) => {
  const random = seededRandom(7);
  const whole = await Promise.all(sources.map(bytesOf));
  let volumes = 0;
  let refusals = 0;
  for (let round = 0; round < 600; round++) {
    const victim = Math.floor(random() * whole.length);
    const files = whole.map((bytes, i) =>
      bytesSource(sources[i].name, i === victim ? damaged(bytes, random) : bytes),
    );
    const allow = round % 2 === 0 ? [] : REPAIRS;
    try {
      const { series } = await listSeries(files, { allow });
      for (const one of series) {
        if (one.refusal) refusals++;
        else {
          expectSound(one);
          volumes++;
        }
      }
    } catch (error) {
      if (!isHounsfieldError(error)) throw error;
      refusals++;
    }
  }
  expect(volumes).toBeGreaterThan(100);
  expect(refusals).toBeGreaterThan(100);
});
