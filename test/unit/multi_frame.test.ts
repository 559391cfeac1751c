import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { orderSlices } from "../../src/dicom/series/order_slices.js";
import { readHeaders } from "../../src/dicom/series/read_headers.js";
import type { CtFields } from "../support/dicom_file.js";
import { multiFrame, tagBytes } from "../support/multi_frame.js";
import { readSeries } from "../support/read_series.js";

// Multi-frame images without functional groups: docs/series.md, sections 1 and 5.

const LOCATIONS = "0018,2005";
const OFFSETS = "3004,000c";
const byLocations: CtFields = { "0028,0009": tagBytes(LOCATIONS) };
const byOffsets: CtFields = { "0028,0009": tagBytes(OFFSETS) };
const SAGITTAL = "0\\1\\0\\0\\0\\-1";

/**
 * Frames (from 1) by ascending position, where the first slice and the last lie along an axis, and the step.
 */
async function layoutOf(source: ByteSource, allow: readonly Repair[] = [], axis = 2) {
  const { series } = await listSeries([source], { allow });
  const { slices, grid, diagnostics } = chooseSeries(series);
  const at = (k: number) => slices.at(k)!.imagePositionPatient![axis];
  return {
    frames: slices.map(({ frame }) => frame! + 1),
    places: [at(0), at(-1)],
    step: grid.spacingMm[2],
    codes: diagnostics.map(({ code }) => code),
  };
}

async function refusalOf(sources: readonly ByteSource[], allow: readonly Repair[] = []) {
  try {
    await readSeries(sources, { allow });
  } catch (error) {
    if (isHounsfieldError(error, "unfaithful-geometry"))
      return { message: error.message, allow: error.fields.allow };
    throw error;
  }
  return expect.unreachable();
}

describe("Slice Location Vector", () => {
  test.each([
    ["that starts at Image Position", "30\\32\\34\\36", [1, 2, 3, 4], [30, 36]],
    ["from 0", "0\\2\\4\\6", [1, 2, 3, 4], [30, 36]],
    ["descending", "30\\28\\26\\24", [4, 3, 2, 1], [24, 30]],
    ["against the normal, by its first value", "-30\\-28\\-26\\-24", [4, 3, 2, 1], [24, 30]],
    ["in no order", "30\\34\\32\\36", [1, 3, 2, 4], [30, 36]],
  ])("%s places frames", async (_, values, frames, places) => {
    const found = await layoutOf(multiFrame(4, { ...byLocations, [LOCATIONS]: values }));
    expect(found).toMatchObject({ frames, places, step: 2 });
  });

  test("of another origin follows the normal, and that is said", async () => {
    const { places, codes } = await layoutOf(multiFrame(3, { ...byLocations, [LOCATIONS]: "100\\102\\104" }));
    expect(places).toEqual([30, 34]);
    expect(codes).toContain("frame-vector-origin");
  });

  test("sagittal frames move along their normal", async () => {
    // Row to the back, column to the feet: the normal runs to the right.
    const fields = { ...byLocations, "0020,0037": SAGITTAL };
    const along = await layoutOf(multiFrame(3, { ...fields, [LOCATIONS]: "10\\13\\16" }), [], 0);
    expect(along).toMatchObject({ frames: [1, 2, 3], places: [-10, -16], step: 3 });
    const against = await layoutOf(multiFrame(3, { ...fields, [LOCATIONS]: "-10\\-7\\-4" }), [], 0);
    expect(against).toMatchObject({ frames: [3, 2, 1], places: [-4, -10] });
  });

  test("without Image Position its values alone place the frames", async () => {
    const source = multiFrame(3, { ...byLocations, [LOCATIONS]: "5\\7\\9", "0020,0032": undefined });
    const [series] = await readSeries([source]);
    expect([series.grid.originMm[2], series.grid.spacingMm[2]]).toEqual([5, 2]);
    expect(series.diagnostics.map(({ code }) => code)).toContain("image-position-missing");
  });

  test("uneven values are uneven slices, equal ones are refused", async () => {
    const uneven = await refusalOf([multiFrame(4, { ...byLocations, [LOCATIONS]: "30\\32\\36\\38" })]);
    expect(uneven.allow).toEqual(["gaps"]);
    const equal = await refusalOf([multiFrame(3, { ...byLocations, [LOCATIONS]: "30\\30\\32" })]);
    expect(equal.allow).toBeUndefined();
  });

  test.each([
    ["too few values", "30\\32"],
    ["too many", "30\\32\\34\\36"],
    ["no numbers", "a\\b\\c"],
  ])("%s place nothing", async (_, values) => {
    const { message } = await refusalOf([multiFrame(3, { ...byLocations, [LOCATIONS]: values })]);
    expect(message).toContain("its Slice Location Vector is not of 3 numbers, one a frame");
  });

  test("named and missing places nothing; there and not named does, with a warning", async () => {
    expect((await refusalOf([multiFrame(3, byLocations)])).message).toMatch(/names .*, which is missing/);
    const { frames, codes } = await layoutOf(multiFrame(3, { [LOCATIONS]: "30\\32\\34" }));
    expect(frames).toEqual([1, 2, 3]);
    expect(codes).toContain("frame-pointer-missing");
  });
});

describe("Grid Frame Offset Vector", () => {
  test.each([
    ["relative", "0\\2\\4\\6", [30, 36], [1, 2, 3, 4]],
    ["relative, descending", "0\\-2\\-4\\-6", [24, 30], [4, 3, 2, 1]],
    ["coordinates of the patient", "30\\32\\34\\36", [30, 36], [1, 2, 3, 4]],
  ])("%s", async (_, values, places, frames) => {
    const found = await layoutOf(multiFrame(4, { ...byOffsets, [OFFSETS]: values }));
    expect(found).toMatchObject({ frames, places, step: 2 });
  });

  test("relative offsets follow the normal also where that runs to the feet", async () => {
    const fields = { ...byOffsets, "0020,0037": "1\\0\\0\\0\\-1\\0" };
    const found = await layoutOf(multiFrame(3, { ...fields, [OFFSETS]: "0\\2\\4" }));
    expect(found.places).toEqual([30, 26]);
    // Coordinates are defined for axial slices of one orientation alone: which way these go, nobody can say.
    const { message } = await refusalOf([multiFrame(3, { ...fields, [OFFSETS]: "30\\32\\34" })]);
    expect(message).toMatch(/begins at 30, which is neither 0 nor the place of Image Position/);
  });

  test("uneven offsets are uneven slices", async () => {
    const { allow } = await refusalOf([multiFrame(4, { ...byOffsets, [OFFSETS]: "0\\2\\4\\9" })]);
    expect(allow).toEqual(["irregular"]);
  });
});

describe("nothing places the frames", () => {
  test.each<[string, CtFields, number]>([
    ["Spacing Between Slices", { "0018,0088": "3" }, 3],
    ["Slice Thickness", { "0018,0050": "5" }, 5],
  ])("%s does where that is allowed", async (name, fields, step) => {
    const source = multiFrame(3, fields);
    const refused = await refusalOf([source]);
    expect(refused.allow).toEqual(["assumed-spacing"]);
    expect(refused.message).toContain(
      `3 frames lie in their order along the normal, ${step} mm apart by ${name}`,
    );
    const found = await layoutOf(source, ["assumed-spacing"]);
    expect(found).toMatchObject({ frames: [1, 2, 3], places: [30, 30 + 2 * step], step });
    expect(found.codes).toContain("assumed-spacing");
  });

  test("neither: nothing is offered", async () => {
    const { allow } = await refusalOf([multiFrame(3, { "0018,0050": undefined })]);
    expect(allow).toBeUndefined();
  });

  test("frames that are moments: Slice Thickness is no step between them", async () => {
    const cine = { "0028,0009": tagBytes("0018,1063") };
    const { allow, message } = await refusalOf([multiFrame(3, cine)]);
    expect(allow).toBeUndefined();
    expect(message).toContain("its Frame Increment Pointer names (0018,1063), which is no place");
    expect((await refusalOf([multiFrame(3, { ...cine, "0018,0088": "2" })])).allow).toEqual([
      "assumed-spacing",
    ]);
  });

  test("no orientation, position: axial, from 0, and both are said", async () => {
    const source = multiFrame(3, { "0020,0032": undefined, "0020,0037": undefined });
    const { places, codes } = await layoutOf(source, ["assumed-spacing"]);
    expect(places).toEqual([0, 10]);
    expect(codes).toEqual(expect.arrayContaining(["assumed-spacing", "orientation-missing"]));
  });

  test("orderSlices takes what is allowed as well", async () => {
    const { headers } = await readHeaders([multiFrame(3)]);
    expect(orderSlices(headers, ["assumed-spacing"]).grid.size).toEqual([3, 2, 3]);
    expect(() => orderSlices(headers)).toThrow(/multi-frame/);
  });
});
