import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import { type CtFields, ctSource } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";

// What no header says and is taken on trust where that is allowed: docs/series.md, section 5.

async function madeOf(sources: readonly ByteSource[], allow: readonly Repair[] = []) {
  try {
    const [{ slices, grid, diagnostics }] = await readSeries(sources, { allow });
    const names = slices.map(({ source }) => source.name).join(" ");
    return { names, step: grid.spacingMm[2], codes: diagnostics.map(({ code }) => code) };
  } catch (error) {
    if (!isHounsfieldError(error, "unfaithful-geometry")) throw error;
    return { allow: error.fields.allow, message: error.message };
  }
}

describe("only Instance Number", () => {
  /** Slices named by their number, given in no order. */
  const numbered = (numbers: readonly (number | undefined)[], fields: CtFields = { "0018,0088": "2" }) =>
    numbers.map((number, i) =>
      ctSource(`${(i * 3) % 7}-${number}`, {
        "0020,0032": undefined,
        "0020,0037": undefined,
        "0020,1041": undefined,
        "0020,0013": number === undefined ? undefined : String(number),
        ...fields,
      }),
    );

  test("orders, and Spacing Between Slices or Slice Thickness spaces, where that is allowed", async () => {
    const sources = numbered([3, 1, 2, 4]);
    const refused = await madeOf(sources);
    expect(refused.allow).toEqual(["assumed-spacing"]);
    expect(refused.message).toMatch(/4 slices lie along the normal by Instance Number, 2 mm apart/);
    expect(await madeOf(sources, ["assumed-spacing"])).toMatchObject({
      names: "3-1 6-2 0-3 2-4",
      step: 2,
      codes: expect.arrayContaining(["assumed-spacing", "orientation-missing"]),
    });
    expect((await madeOf(numbered([1, 2], {}), ["assumed-spacing"])).step).toBe(5);
  });

  test("a number left out is a missing slice; numbers in even steps are none", async () => {
    expect((await madeOf(numbered([1, 2, 4, 5]))).allow).toEqual(["assumed-spacing", "gaps"]);
    expect((await madeOf(numbered([10, 20, 30]))).allow).toEqual(["assumed-spacing"]);
  });

  test.each([
    ["repeated", numbered([1, 2, 2])],
    ["missing in one", numbered([1, undefined, 3])],
    ["without a thickness", numbered([1, 2, 3], { "0018,0050": undefined })],
    ["of several thicknesses", numbered([1, 2, 3]).with(1, numbered([2], { "0018,0088": "3" })[0])],
  ])("%s: nothing is offered", async (_, sources) => {
    expect((await madeOf(sources)).allow).toBeUndefined();
  });
});

describe("Image Orientation of zeros", () => {
  const ZEROS = "0\\0\\0\\0\\0\\0";
  const at = (zs: readonly number[], orientation = ZEROS) =>
    zs.map((z) =>
      ctSource(String(z), {
        "0020,0032": `0\\0\\${z}`,
        "0020,0037": orientation,
        "0020,1041": String(z),
        "0018,0050": "2",
      }),
    );

  test("is axial where that is allowed", async () => {
    expect((await madeOf(at([0, 2, 4]))).allow).toEqual(["assumed-orientation"]);
    expect(await madeOf(at([0, 2, 4]), ["assumed-orientation"])).toEqual({
      names: "0 2 4",
      step: 2,
      codes: ["assumed-orientation"],
    });
  });

  test("what else is wrong is said at once", async () => {
    const { allow, message } = await madeOf(at([0, 2, 6, 8]));
    expect(allow).toEqual(["assumed-orientation", "gaps"]);
    expect(message).toMatch(/then: .*1 slice is missing/);
  });

  test("slices that move along x are not axial: nothing helps", async () => {
    const sources = [0, 2, 4].map((x) =>
      ctSource(`x${x}`, { "0020,0032": `${x}\\0\\0`, "0020,0037": ZEROS, "0020,1041": String(x) }),
    );
    expect((await madeOf(sources)).allow).toBeUndefined();
    expect((await madeOf(sources, ["assumed-orientation"])).allow).toBeUndefined();
  });

  test("cosines that are no orientation in another way stay refused", async () => {
    expect((await madeOf(at([0, 2, 4], "1\\0\\0\\1\\0\\0"))).allow).toBeUndefined();
    expect((await madeOf(at([0, 2, 4], "0\\0\\0\\0\\0\\1e-3"))).allow).toBeUndefined();
  });
});
