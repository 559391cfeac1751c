import { HounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";

/** Weights of taps -radius to radius, made and normalized in f64: their float32 sum is 1 within 1e-7. */
export interface GaussianTaps {
  readonly radius: number;
  readonly weights: Float64Array;
}

/**
 * Beyond 4 standard deviations lie 6 in 100 000 of a Gaussian: 0.3 HU of a step of 4096, were they not
 * normalized away.
 */
const TRUNCATION = 4;
/** 4 standard deviations of this reach along the longest axis promised. */
const LONGEST_RADIUS = 2048;

/**
 * The taps of each axis, x, y, z.
 * @throws HounsfieldError `invalid-option`
 */
export function gaussianTaps({ size, spacingMm }: Grid, sigmaMm: Vec3): GaussianTaps[] {
  return sigmaMm.map((mm, axis) => {
    const sigma = mm / spacingMm[axis];
    if (!(sigma >= 0 && sigma * TRUNCATION <= LONGEST_RADIUS)) {
      const accepted = [0, (LONGEST_RADIUS / TRUNCATION) * spacingMm[axis]];
      throw new HounsfieldError(
        "invalid-option",
        `a Gaussian's sigma along ${"xyz"[axis]} is ${accepted[0]} to ${accepted[1]} mm here; got ${mm}`,
        { got: mm, accepted },
      );
    }
    // Along an axis of one voxel every tap is that voxel.
    return sampledGaussian(size[axis] === 1 ? 0 : sigma);
  });
}

function sampledGaussian(sigma: number): GaussianTaps {
  const radius = Math.floor(TRUNCATION * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, tap) =>
    radius === 0 ? 1 : Math.exp(-0.5 * ((tap - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { radius, weights: weights.map((weight) => weight / sum) };
}
