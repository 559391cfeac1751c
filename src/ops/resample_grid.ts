import { HounsfieldError } from "../core/errors.js";
import type { Grid, Vec3 } from "../core/grid.js";

/** Where the samples of one output axis lie in the source: voxel `first[i]`, `fraction[i]` of the way to the next. */
export interface AxisTaps {
  readonly first: Uint32Array;
  readonly fraction: Float32Array;
}

/**
 * The output grid "O" (ITK's and SimpleITK's habit): voxel 0 stays where it is, the spacing is exactly `spacingMm`, and the size is
 * the samples that fit between the first and the last source voxel: floor((n - 1) * source / output) + 1.
 */
export function originGrid(source: Grid, spacingMm: Vec3): Grid {
  const bad = spacingMm.some((mm) => !(mm > 0 && Number.isFinite(mm)));
  if (bad)
    throw new HounsfieldError("invalid-option", `spacing must be positive millimeters, got ${spacingMm}`, {
      got: spacingMm,
    });
  const size = [0, 1, 2].map((axis) => {
    const extent = ((source.size[axis] - 1) * source.spacingMm[axis]) / spacingMm[axis];
    return Math.floor(extent + extentSlack) + 1;
  });
  return { ...source, size: [size[0], size[1], size[2]], spacingMm };
}

/**
 * Spacings in headers are decimal fractions: 3 voxels of 0.7 mm are 2.0999999999999996 mm in f64, and must hold the sample at 2.1.
 * A billionth of a voxel is far below what any header resolves.
 */
const extentSlack = 1e-9;

/** Taps of output samples i * output / source, i < count, along a source axis of `length` voxels; the last tap never leaves it. */
export function originTaps(length: number, sourceMm: number, count: number, outputMm: number): AxisTaps {
  const first = new Uint32Array(count);
  const fraction = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min((i * outputMm) / sourceMm, length - 1);
    first[i] = Math.min(Math.floor(at), Math.max(0, length - 2));
    fraction[i] = at - first[i];
  }
  return { first, fraction };
}
