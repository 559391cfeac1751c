import type { Diagnostic } from "../core/diagnostic.js";
import type { Grid } from "../core/grid.js";
import type { RulesOf } from "../core/options.js";
import { count, finite, listOf, number, object, oneOf, positive, required } from "../core/rules.js";
import { type VoxelData, type VoxelType, voxelTypes } from "./voxel_types.js";

/**
 * What a header of an image file says besides the voxels: where they lie, of what type they are, and what
 * their numbers mean.
 */
export interface ImageDescription {
  /** In LPS millimeters, whatever the format says it in. */
  readonly grid: Grid;
  readonly dtype: VoxelType;
  /** value = stored * slope + intercept; 1 where absent. */
  readonly slope?: number;
  /** 0 where absent. */
  readonly intercept?: number;
  /** Gray levels for a viewer that opens the file, in the values' own unit. */
  readonly window?: { readonly low: number; readonly high: number };
}

/** An image file as it was found. */
export interface ImageFile {
  /**
   * Right-handed, in LPS millimeters: what the file has the other way round was turned over, voxels and all.
   */
  readonly grid: Grid;
  readonly dtype: VoxelType;
  readonly slope: number;
  readonly intercept: number;
  /**
   * One array a time point, channel or component, each x fastest, then y, then z (as [z, y, x] in C order).
   */
  readonly volumes: readonly VoxelData[];
  /** What was odd. */
  readonly diagnostics: readonly Diagnostic[];
}

const gridRules: RulesOf<Grid> = {
  size: required(listOf(count, "3 whole numbers of 1 or more", 3)),
  spacingMm: required(listOf(positive, "3 finite numbers above 0", 3)),
  originMm: required(listOf(finite, "3 finite numbers", 3)),
  direction: required(listOf(finite, "9 finite numbers", 9)),
};

/** For the functions that write a header, named `of` in errors. */
export function descriptionRules(of: string): RulesOf<ImageDescription> {
  return {
    grid: required(object(of, gridRules)),
    dtype: required(oneOf(...Object.keys(voxelTypes))),
    slope: finite,
    intercept: finite,
    window: object(of, { low: required(number), high: required(number) }),
  };
}
