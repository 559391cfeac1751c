import type { Control } from "../../core/control.js";
import { type Grid, type Vec3, voxelCount } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { isUnscaled, type ValueScale, valueOfStored } from "../../core/value_scale.js";
import { checkVolume } from "../../volume/check_argument.js";
import { allocateVolume, type CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { type Scratch, withScratch } from "../scratch.js";
import { resampleLinear } from "./resample_linear.js";
import type { AxisMap } from "./resample_map.js";
import { resampleOblique } from "./resample_oblique.js";
import { type ResampleOptions, refuse, resampleRules, storedBorder } from "./resample_options.js";
import { pickVoxels } from "./resample_pick.js";
import { planResampling, type ResamplePlan } from "./resample_plan.js";
import { resampleSeparable } from "./resample_separable.js";
import type { ResampleRun } from "./resample_target.js";

/**
 * The volume on another grid: of a spacing, of a size, of another volume, or turned in any way. int16 HU,
 * rounded to the nearest, halves away from zero, held within int16; of a scaled record all that in steps of
 * it. Weights are f32, made in f64; no texture sampler is involved. Exact where every output voxel lies on a
 * source voxel (flips, permutations, crops, shifts) and for `nearest`; else before rounding, for HU within
 * +-2048, within 0.001 HU of exact arithmetic for plain `linear` (0.009 with `exact: "integer"`, the same on
 * every device), 0.01 HU for `b-spline` and 0.003 HU for the others. Beside the result at most 256 MiB, and 1
 * GiB on turned grids, are held, and a copy of the source where axes are permuted and interpolated.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function resample(volume: CtVolume, options: ResampleOptions & Control): Promise<CtVolume> {
  checkVolume("resample", volume);
  const checked = checkOptions("resample", options, resampleRules);
  const plan = planResampling(volume.grid, storedBorder("resample", checked, volume.values));
  return withScratch(async (scratch) => {
    const result = scratch.own(
      await allocateVolume(volume.engine, plan.grid, "resampled volume", volume.values),
    );
    if (plan.method === "pick") await pickVoxels(scratch, volume, result, plan, "resample", checked);
    else {
      const output = { kind: "hu", grid: plan.grid, buffer: result.buffer } as const;
      await interpolate({ scratch, volume, output, control: checked }, plan);
    }
    return scratch.release(result).withHistory(historyOf("resample", checked, volume));
  });
}

/**
 * As `resample`, unrounded: float32 HU (or values in the volume's units), dense, z, y, x, read back whole.
 * For checks and for small volumes. Fixed point has no such result: `exact` is refused.
 */
export async function resampleToFloat(
  volume: CtVolume,
  options: ResampleOptions & Control,
): Promise<{ grid: Grid; hu: Float32Array }> {
  checkVolume("resampleToFloat", volume);
  const checked = checkOptions("resampleToFloat", options, resampleRules);
  const { engine } = volume;
  if (checked.exact !== undefined) refuse("exact", checked.exact, "nothing: floats are not fixed point");
  const plan = planResampling(volume.grid, storedBorder("resampleToFloat", checked, volume.values));
  const { grid } = plan;
  return withScratch(async (scratch) => {
    if (plan.method === "pick") {
      const picked = scratch.own(await resample(volume, checked));
      return { grid, hu: scaled(Float32Array.from(await picked.read()), volume.values) };
    }
    const bytes = voxelCount(grid) * 4;
    const buffer = scratch.own(await engine.allocate("resampled floats", bytes));
    await interpolate({ scratch, volume, output: { kind: "float", grid, buffer }, control: checked }, plan);
    return { grid, hu: scaled(new Float32Array(await engine.read(buffer, 0, bytes)), volume.values) };
  });
}

/** Interpolated stored values to what they stand for, in place. */
function scaled(hu: Float32Array<ArrayBuffer>, values: ValueScale): Float32Array<ArrayBuffer> {
  if (!isUnscaled(values)) for (let i = 0; i < hu.length; i++) hu[i] = valueOfStored(values, hu[i]);
  return hu;
}

async function interpolate(run: ResampleRun, plan: Exclude<ResamplePlan, { method: "pick" }>): Promise<void> {
  const { kernel } = plan;
  if (plan.method === "oblique") return resampleOblique(run, plan);
  if (plan.method === "linear") return resampleLinear(run, plan.axes, plan.exact);
  // The planner picks wherever nearest could come here.
  if (kernel === "nearest") return;
  const { scratch, volume, control } = run;
  const straight = await straighten(scratch, volume, plan.axes, control);
  const axes = plan.axes.map((map, sourceAxis) => ({ ...map, sourceAxis }));
  return resampleSeparable({ ...run, volume: straight }, { ...plan, kernel, axes });
}

/** The volume with its axes in the order of the output's, where they are not. */
async function straighten(
  scratch: Scratch,
  volume: CtVolume,
  axes: readonly AxisMap[],
  control: Control,
): Promise<CtVolume> {
  const order = axes.map(({ sourceAxis }) => sourceAxis);
  if (order.every((sourceAxis, axis) => sourceAxis === axis)) return volume;
  const permuted = scratch.own(
    await allocateVolume(volume.engine, permutedGrid(volume.grid, order), "straightened volume"),
  );
  const picking = {
    axes: order.map((sourceAxis) => ({ sourceAxis, scale: 1, offset: 0 })),
    border: "clamp",
  } as const;
  await pickVoxels(scratch, volume, permuted, picking, "straighten", control);
  return permuted;
}

function permutedGrid({ size, spacingMm, originMm, direction }: Grid, [x, y, z]: readonly number[]): Grid {
  const permuted = (of: Vec3): Vec3 => [of[x], of[y], of[z]];
  return {
    size: permuted(size),
    spacingMm: permuted(spacingMm),
    originMm,
    direction: [0, 3, 6].flatMap((row) => [x, y, z].map((axis) => direction[row + axis])),
  };
}
