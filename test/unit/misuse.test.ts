import { afterAll, beforeAll, expect, test } from "vitest";
import { type ErrorCode, isHounsfieldError } from "../../src/core/errors.js";
import * as hounsfield from "../../src/node/index.js";
import * as ops from "../../src/ops/index.js";
import { type CallWorld, callWorld } from "../support/public_calls.js";

// The mistakes that embedders made, each with the error that names it. JavaScript passes what TypeScript
// would refuse: hence `wrong`.

let world: CallWorld;
beforeAll(async () => {
  world = await callWorld();
});
afterAll(() => {
  world.engine.destroy();
  world.foreign.engine.destroy();
});

/** A value of any type, as JavaScript passes it. */
function wrong(value: unknown): never {
  return value as never;
}

type Call = (world: CallWorld) => unknown;
const series = ({ listing }: CallWorld) => hounsfield.chooseSeries(listing.series);

const mistakes: readonly [string, Call, ErrorCode, RegExp][] = [
  [
    "a device that does not exist",
    () => hounsfield.openEngine({ device: wrong("webgpu") }),
    "invalid-option",
    /^openEngine: device is "webgpu"; accepted: "auto", "gpu", "cpu"$/,
  ],
  [
    "a misspelled option",
    () => hounsfield.openEngine(wrong({ devcie: "cpu" })),
    "invalid-option",
    /^openEngine: unknown option "devcie"; did you mean "device"\?$/,
  ],
  [
    "threads below 1",
    () => hounsfield.openEngine({ threads: -3 }),
    "invalid-option",
    /threads is -3; accepted: a whole number from 1 to 1024/,
  ],
  ["workers below 0", () => hounsfield.openEngine({ workers: -1 }), "invalid-option", /workers is -1/],
  [
    "null for options",
    () => hounsfield.openEngine(wrong(null)),
    "invalid-option",
    /options is null; accepted: an object/,
  ],
  [
    "a misspelled kernel",
    ({ volume }) => hounsfield.resample(volume, wrong({ spacingMm: 2, kernal: "linear" })),
    "invalid-option",
    /^resample: unknown option "kernal"; did you mean "kernel"\?$/,
  ],
  [
    "an alignment by its name before 1.0",
    ({ volume }) => hounsfield.resample(volume, { spacingMm: 2, align: wrong("E") }),
    "invalid-option",
    /^resample: align is "E"; accepted: "edges", as "E" is called now$/,
  ],
  [
    "the same of a mask, by size",
    ({ mask }) => ops.resampleMask(mask, { size: [2, 2, 2], align: wrong("C") }),
    "invalid-option",
    /align is "C"; accepted: "corners", as "C" is called now$/,
  ],
  [
    "an alignment that never was",
    ({ volume }) => ops.targetGrid(volume.grid, { spacingMm: 2, align: wrong("e") }),
    "invalid-option",
    /^targetGrid: align is "e"; accepted: "origin", "edges", "corners"$/,
  ],
  [
    "the plain recipe's options beside the other",
    ({ volume }) => hounsfield.lungMask(volume, wrong({ thresholdHu: -300 })),
    "invalid-option",
    /^lungMask: thresholdHu is -300; accepted: only beside method "threshold"$/,
  ],
  [
    "a rule where the second mask should be",
    ({ mask }) => ops.combineMasks(mask, wrong("and"), wrong(mask)),
    "invalid-option",
    /^combineMasks: other is "and"; accepted: /,
  ],
  [
    "a count where options should be",
    ({ mask }) => ops.keepLargest(mask, wrong(2)),
    "invalid-option",
    /^keepLargest: options is 2; accepted: an object$/,
  ],
  [
    "an option by its name before 1.0",
    ({ volume }) => hounsfield.resample(volume, wrong({ spacingMm: 2, grid: "E" })),
    "invalid-option",
    /^resample: unknown option "grid"; did you mean "align"\?$/,
  ],
  [
    "a spacing of NaN",
    ({ volume }) => hounsfield.resample(volume, { spacingMm: Number.NaN }),
    "invalid-option",
    /spacingMm is NaN/,
  ],
  [
    "a spacing in a string",
    ({ volume }) => hounsfield.resample(volume, { spacingMm: wrong("2") }),
    "invalid-option",
    /spacingMm is "2"/,
  ],
  [
    "a rule that does not exist",
    ({ mask }) => ops.combineMasks(mask, mask, { rule: wrong("bogus") }),
    "invalid-option",
    /^combineMasks: rule is "bogus"; accepted: "and", "or", "xor", "andNot"$/,
  ],
  [
    "nothing for a mask",
    ({ mask }) => ops.combineMasks(mask, wrong(undefined), { rule: "and" }),
    "invalid-option",
    /^combineMasks: other is undefined; accepted: a BitMask$/,
  ],
  [
    "an option without its unit",
    ({ volume }) => ops.gaussian(volume, wrong({ sigma: 1 })),
    "invalid-option",
    /did you mean "sigmaMm"/,
  ],
  [
    "a plane that does not exist",
    ({ volume }) => ops.projectMaximum(volume, { plane: wrong("top") }),
    "invalid-option",
    /plane is "top"; accepted: "axial"/,
  ],
  [
    "a listing for a series",
    (w) => hounsfield.loadVolume(w.engine, wrong(w.listing)),
    "invalid-option",
    /^loadVolume: series is an object; accepted: one series/,
  ],
  [
    "a listing to choose from",
    ({ listing }) => hounsfield.chooseSeries(wrong(listing)),
    "invalid-option",
    /^chooseSeries: series is an object; accepted: a list of series/,
  ],
  [
    "a pick that is not there",
    ({ listing }) => hounsfield.chooseSeries(listing.series, 7),
    "invalid-option",
    /^no series is "7"/,
  ],
  [
    "a path for sources",
    () => hounsfield.listSeries(wrong("study/")),
    "invalid-option",
    /^listSeries: sources is "study\/"; accepted: a list of ByteSources/,
  ],
  [
    "a mask for a volume",
    ({ mask }) => ops.median(wrong(mask)),
    "invalid-option",
    /^median: volume is a BitMask; accepted: a CtVolume$/,
  ],
  [
    "a volume for a mask",
    ({ volume }) => ops.erode(wrong(volume), { shape: "ball", radiusMm: 1 }),
    "invalid-option",
    /^erode: mask is a CtVolume; accepted: a BitMask$/,
  ],
  [
    "another shape's measure",
    ({ mask }) => ops.dilate(mask, wrong({ shape: "ball", reachVoxels: 1 })),
    "invalid-option",
    /unknown option "reachVoxels"/,
  ],
  [
    "a limit of the other kind of hole",
    ({ mask }) => ops.fillHoles(mask, wrong({ perSlice: false, maximumAreaMm2: 3 })),
    "invalid-option",
    /unknown option "maximumAreaMm2"/,
  ],
  ["slices that are not there", ({ volume }) => volume.read(-1, 2), "invalid-option", /slices \[-1, 2\)/],
  ["slices in reverse", ({ volume }) => volume.read(3, 1), "invalid-option", /slices \[3, 1\)/],
  [
    "a destroyed volume",
    ({ destroyed }) => ops.median(destroyed.volume),
    "destroyed",
    /was used after its destroy\(\)/,
  ],
  [
    "reading a destroyed mask",
    ({ destroyed }) => destroyed.mask.read(),
    "destroyed",
    /was used after its destroy\(\)/,
  ],
  [
    "loading on a destroyed engine",
    (w) => hounsfield.loadVolume(w.destroyed.engine, series(w)),
    "destroyed",
    /^the engine .* was used after its destroy\(\)$/,
  ],
  [
    "masks of two engines",
    ({ mask, foreign }) => ops.combineMasks(mask, foreign.mask, { rule: "or" }),
    "wrong-engine",
    /another engine/,
  ],
  [
    "a window without a width",
    ({ volume }) => ops.windowSlabs(volume, wrong({ lowHu: 0 })).next(),
    "invalid-option",
    /highHu is undefined/,
  ],
];

test.each(mistakes)("%s", async (_, call, code, message) => {
  const error = await Promise.resolve()
    .then(() => call(world))
    .then(
      () => "nothing was refused",
      (reason: unknown) => reason,
    );
  if (!isHounsfieldError(error, code)) throw error;
  expect(error.message).toMatch(message);
});

test("a series that was not chosen is listed, with what chooses it", () => {
  const two = [...world.listing.series, ...world.listing.series];
  try {
    hounsfield.chooseSeries(two);
    expect.unreachable();
  } catch (error) {
    if (!isHounsfieldError(error, "several-series")) throw error;
    expect(error.fields.candidates.map(({ number }) => number)).toEqual([1, 2]);
    expect(error.fields.candidates[0].description).toMatch(/^CT .*9 slices of 13x11/);
  }
});

test("an engine is not opened for a signal that is aborted", async () => {
  const reason = new Error("enough");
  await expect(hounsfield.openEngine({ device: "cpu", signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});
