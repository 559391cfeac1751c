import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { positionMm, type Vec3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { number, required } from "../../core/rules.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import {
  gatheringOf,
  type Projection,
  type ProjectionOptions,
  projectionRules,
  projectRays,
} from "./project.js";
import { allocateImage, planeAxes } from "./project_rays.js";

/** Options of projectThickSlabs. */
export interface ThickSlabOptions extends ProjectionOptions {
  /** Thickness of a slab: at least one voxel along the axis; more than the volume's means all of it. */
  readonly thicknessMm: number;
  /** From one slab's beginning to the next's; by default the thickness, so that slabs touch. */
  readonly stepMm?: number;
}

/** A projection of voxels [from, end) of the axis looked along. */
export interface ThickSlab extends Projection {
  readonly from: number;
  readonly end: number;
  /** LPS position in mm of the first pixel's center, midway through the slab. */
  readonly originMm: Vec3;
}

/**
 * A stack of projections of thick slabs along one axis, one at a time, in ascending order of the axis; see
 * `thickSlabs` for which voxels each has. Exact. Progress counts slabs.
 * @throws HounsfieldError `invalid-option`, and as `project`
 */
export async function* projectThickSlabs(
  volume: CtVolume,
  options: ThickSlabOptions & Control,
): AsyncGenerator<ThickSlab> {
  checkVolume("projectThickSlabs", volume);
  const rules = { ...projectionRules, thicknessMm: required(number), stepMm: number };
  const checked = checkOptions("projectThickSlabs", options, rules);
  const { plane, kind, thicknessMm, stepMm = thicknessMm, signal, onProgress } = checked;
  const { grid } = volume;
  const axis = planeAxes[plane][2];
  const slabs = thickSlabs(grid.size[axis], grid.spacingMm[axis], thicknessMm, stepMm);
  const image = await allocateImage(volume, plane, gatheringOf[kind]);
  try {
    for (const [index, { from, end }] of slabs.entries()) {
      const projection = await projectRays(volume, { plane, from, end }, kind, image, { signal });
      const middle = [0, 1, 2].map((at) => (at === axis ? (from + end - 1) / 2 : 0));
      yield { ...projection, from, end, originMm: positionMm(grid, [middle[0], middle[1], middle[2]]) };
      onProgress?.({ stage: `slabs ${plane}`, done: index + 1, total: slabs.length });
    }
  } finally {
    image.destroy();
  }
}

/**
 * Spacings in headers are decimal fractions: 3 voxels of 0.7 mm and a slab of 2.1 mm must agree. In voxels.
 */
const SLACK = 1e-9;

/**
 * Which of `count` voxels of `spacingMm` each slab has. Millimeters are measured from the outer face of the
 * first voxel; slab k reaches from k * step to k * step + thickness, and has the voxels whose centers lie
 * there. Slabs go on until the last voxel is in one, so the last may be thinner than the others; none is
 * empty. With a step beyond the thickness, voxels between slabs are in none.
 * @throws HounsfieldError `invalid-option` when slabs are thinner than a voxel, or steps shorter
 */
export function thickSlabs(
  count: number,
  spacingMm: number,
  thicknessMm: number,
  stepMm: number,
): readonly { readonly from: number; readonly end: number }[] {
  const [thickness, step] = [thicknessMm / spacingMm, stepMm / spacingMm];
  if (!(thickness >= 1 - SLACK && step >= 1 - SLACK && Number.isFinite(step))) {
    throw new HounsfieldError(
      "invalid-option",
      `thickness and step of slabs are at least a voxel, ${spacingMm} mm here; got ${thicknessMm} and ${stepMm} mm`,
      { got: { thicknessMm, stepMm }, accepted: spacingMm },
    );
  }
  const [deep, stride] = [Math.max(1, thickness), Math.max(1, step)];
  const centersBefore = (edge: number) => Math.min(count, Math.max(0, Math.ceil(edge - 0.5 - SLACK)));
  const slabs = [];
  for (let k = 0, end = 0; end < count; k++) {
    const from = centersBefore(k * stride);
    if (from === count) break;
    end = centersBefore(k * stride + deep);
    slabs.push({ from, end });
  }
  return slabs;
}
