import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { orderSlices } from "../../src/dicom/series/order_slices.js";
import { readHeaders } from "../../src/dicom/series/read_headers.js";
import { ctSource } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";
import { FIVE, slicesAt, withPixels } from "../support/small_stacks.js";

describe("unfaithful stacks are refused with files and numbers", () => {
  const refusal = (sources: readonly ByteSource[]) =>
    readSeries(sources).then(
      () => expect.unreachable(),
      (error: { code: string; message: string }) => {
        expect(error.code).toBe("unfaithful-geometry");
        expect(error.message).not.toContain("\n");
        return error.message;
      },
    );

  test("a slice twice with other pixels", async () => {
    const sources = [...slicesAt(FIVE), withPixels("copy.dcm", 34, 1)];
    expect(await refusal(sources)).toMatch(/copy\.dcm: 1 of 6 slices has a dup.*at 34 mm/);
  });

  test("every slice twice with other pixels, and one place for all", async () => {
    const others = FIVE.map((z, i) => withPixels(`copy-${i}`, z, i + 1));
    expect(await refusal([...slicesAt(FIVE), ...others])).toMatch(/5 of 10 slices have a duplicate position/);
    expect(await refusal([1, 2, 3].map((first) => withPixels(`${first}`, 7, first)))).toMatch(
      /2 of 3 slices have a duplicate position/,
    );
  });

  test("missing slices", async () => {
    expect(await refusal(slicesAt([30, 32, 36, 38, 40]))).toMatch(
      /lies 4 mm from .* the step is 2 mm; 1 slice is missing/,
    );
    expect(await refusal(slicesAt([30, 32, 38, 40, 42, 46, 48]))).toMatch(/3 slices are missing/);
  });

  test("irregular steps", async () => {
    expect(await refusal(slicesAt([30, 32, 34.5, 36.5, 38.5]))).toMatch(
      /lies 2\.5 mm .* 2 mm; 1 steps? of 4/,
    );
  });

  test("steps that drift, each within tolerance of the next", async () => {
    const zs = Array.from({ length: 200 }, (_, i) => i + i * i * 2e-5);
    expect(await refusal(slicesAt(zs))).toMatch(/of 199 are irregular|drift between/);
  });

  test("a tilted gantry of either sign", async () => {
    for (const shift of [0.66, -0.66]) {
      const sources = slicesAt(FIVE, (z, i) => ({ "0020,0032": `-10\\${-20 + i * shift}\\${z}` }));
      expect(await refusal(sources)).toMatch(/aside .*18\.26 degrees/);
    }
  });

  test("a slice shifted in its plane", async () => {
    const sources = slicesAt(FIVE, (z, i) => ({ "0020,0032": `${i === 2 ? -9 : -10}\\-20\\${z}` }));
    expect(await refusal(sources)).toMatch(/lies 1 mm aside/);
  });

  test("a multi-frame image that does not say where its frames lie", async () => {
    const header = (await readHeaders([ctSource("a"), ctSource("b")])).headers[0];
    expect(() => orderSlices([{ ...header, numberOfFrames: 2 }])).toThrow(/multi-frame/);
  });
});
