import { checkGrid } from "../core/check_grid.js";
import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import { fittingScale } from "../core/fitting_scale.js";
import { type Grid, voxelCount } from "../core/grid.js";
import { checkOptions, invalidOption, type Rule, type RulesOf } from "../core/options.js";
import type { GpuBuffer } from "../core/platform.js";
import { anything, controlRules, finite, object, positive, required, text } from "../core/rules.js";
import { huScale, type ValueScale } from "../core/value_scale.js";
import { hasFractions, isVoxelArray, type VoxelArray } from "../core/voxel_array.js";
import type { Engine } from "../engine/engine.js";
import { checkEngine } from "./check_argument.js";
import { allocateVolume, type CtVolume } from "./ct_volume.js";
import { historyOfArrays } from "./history.js";
import { SliceArrivals } from "./slice_arrivals.js";
import { type ArrayValues, wholeSlices, writeSlices } from "./write_slices.js";

/** What createVolume makes a volume of. */
export interface VolumeContents extends ArrayValues {
  /** Where the voxels lie, LPS; `gridOfAffine` of `hounsfield/formats` makes one of a NIfTI affine. */
  readonly grid: Grid;
  /**
   * All voxels in one array, dense, z, y, x (x fastest); or one slice, or several, after the other, in
   * ascending z. Left out, the volume is of zeros, and `volume.write` puts slices in.
   */
  readonly data?: VoxelArray | Iterable<VoxelArray> | AsyncIterable<VoxelArray>;
  /**
   * In place of `data`: a `GPUBuffer` of `engine.device` that holds the record itself, which is not copied
   * and stays its owner's: int16, two to a u32, the even x in the low half, rows padded to an even width (the
   * padding may hold anything), y after y, z after z, from its start. Its usage is STORAGE, COPY_SRC and
   * COPY_DST. It is to be left alone until the volume is destroyed.
   */
  readonly buffer?: GpuBuffer;
  /** What the values are in: "HU" where absent. */
  readonly units?: string;
  /**
   * The scale of the int16 record. One array has it found: none where its values are whole and fit; else what
   * holds all, within half a step (`volume.values`). Of slices that come one by one it is known only if
   * given, and is HU otherwise, or whole numbers of `units`.
   */
  readonly values?: ValueScale;
}

const notIterable: Rule = (value) => {
  const isList = typeof value === "object" && value !== null;
  return isVoxelArray(value) || (isList && (Symbol.iterator in value || Symbol.asyncIterator in value))
    ? undefined
    : "a typed array, or an iterable of typed arrays that are slices";
};

const rules: RulesOf<VolumeContents & Control> = {
  ...controlRules,
  grid: required(anything),
  data: notIterable,
  buffer: anything,
  units: text,
  slope: (value) => finite(value) ?? (value === 0 ? "a finite number but 0" : undefined),
  intercept: finite,
  notFinite: finite,
  values: object<ValueScale>("createVolume values", {
    slope: required(positive),
    intercept: required(finite),
    units: required(text),
  }),
};

/** Uploaded bytes between waits for the device. */
const UPLOAD_BYTES = 4 * 2 ** 20;

/**
 * A volume of numbers that somebody else has: a viewer's, a model's, another library's. The data are copied
 * and stay the caller's. Values that leave int16 or are fractional get a scaled record, as those of files
 * have. Progress stage: "upload", in slices. Unlike what was loaded it cannot be made again when the engine's
 * device is lost.
 * @throws HounsfieldError `invalid-option`; `value-range` for values that are not finite (see `notFinite`),
 * or beyond the scale that was given; `no-gpu` for a `buffer` on the CPU engine; `limit-exceeded`,
 * `out-of-memory`; and what the iterable throws
 */
export async function createVolume(engine: Engine, options: VolumeContents & Control): Promise<CtVolume> {
  checkEngine("createVolume", engine);
  const { grid, data, buffer, units, values, ...how } = checkOptions("createVolume", options, rules);
  checkGrid("createVolume", "grid", grid);
  if (values && units !== undefined)
    throw invalidOption("createVolume", "units", units, "nothing beside values");
  how.signal?.throwIfAborted();
  if (buffer !== undefined) {
    const given = { data, slope: how.slope, intercept: how.intercept, notFinite: how.notFinite };
    const { volumeOnBuffer } = await import("./adopted.js");
    return volumeOnBuffer(
      engine,
      grid,
      buffer,
      values ?? { ...huScale, units: units ?? huScale.units },
      given,
    );
  }
  if (isVoxelArray(data) && data.length !== voxelCount(grid))
    throw invalidOption(
      "createVolume",
      "data.length",
      data.length,
      `${voxelCount(grid)}, as the grid has voxels`,
    );
  const named = units ?? huScale.units;
  const scale = values ?? (isVoxelArray(data) ? scaleOf(data, named, how) : { ...huScale, units: named });
  const arrival = data === undefined ? new SliceArrivals(grid.size[2], true) : undefined;
  const history = historyOfArrays(engine, "createVolume", { ...how, units: scale.units, values });
  const volume = (await allocateVolume(engine, grid, "volume", scale, arrival)).withHistory(history);
  try {
    if (data !== undefined) await fill(volume, isVoxelArray(data) ? cut(data, grid) : data, how);
    return volume;
  } catch (error) {
    volume.destroy();
    throw error;
  }
}

/** As the slices that it is of. */
function* cut(data: VoxelArray, { size: [nx, ny, nz] }: Grid): Generator<VoxelArray> {
  for (let z = 0; z < nz; z++) yield data.subarray(z * nx * ny, (z + 1) * nx * ny);
}

async function fill(
  volume: CtVolume,
  slices: Iterable<VoxelArray> | AsyncIterable<VoxelArray>,
  { signal, onProgress, ...how }: ArrayValues & Control,
): Promise<void> {
  const { engine, grid } = volume;
  const [nx, ny, nz] = grid.size;
  let z = 0;
  let pendingBytes = 0;
  for await (const values of slices) {
    signal?.throwIfAborted();
    const next = z + wholeSlices("createVolume", "data", values, nx * ny);
    if (next > nz)
      throw invalidOption("createVolume", "data", `${next} slices`, `${nz} slices, as the grid has`);
    writeSlices("createVolume", volume, z, values, how);
    z = next;
    onProgress?.({ stage: "upload", done: z, total: nz });
    pendingBytes += 2 * values.length;
    if (pendingBytes < UPLOAD_BYTES) continue;
    pendingBytes = 0;
    await engine.idle();
  }
  if (z < nz) throw invalidOption("createVolume", "data", `${z} slices`, `${nz} slices, as the grid has`);
  await engine.idle();
}

/** @throws HounsfieldError `value-range` where a value is not finite and nothing is to stand for it */
function scaleOf(
  data: VoxelArray,
  units: string,
  { slope = 1, intercept = 0, notFinite }: ArrayValues,
): ValueScale {
  const fractions = hasFractions(data);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let isWhole = true;
  for (let i = 0; i < data.length; i++) {
    let value = data[i] * slope + intercept;
    if (fractions && !Number.isFinite(value)) {
      if (notFinite === undefined) {
        const message = `createVolume: data[${i}] is ${data[i]}; the option notFinite says what stands for such`;
        throw new HounsfieldError("value-range", message, { got: data[i] });
      }
      value = notFinite;
    }
    if (value < low) low = value;
    if (value > high) high = value;
    if (isWhole && !Number.isInteger(value)) isWhole = false;
  }
  return fittingScale(low, high, isWhole, units);
}
