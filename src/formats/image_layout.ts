import type { Diagnostic } from "../core/diagnostic.js";
import type { Grid } from "../core/grid.js";
import type { VoxelType } from "./voxel_types.js";

/** What the header of an image file says, before any voxel is read. */
export interface ImageLayout {
  /** Right-handed, in LPS millimeters: of the voxels once their rows are turned over where `flipsRows`. */
  readonly grid: Grid;
  readonly flipsRows: boolean;
  readonly dtype: VoxelType;
  readonly isBigEndian: boolean;
  readonly slope: number;
  readonly intercept: number;
  /** Volumes of that grid: time points, channels, components. */
  readonly volumes: number;
  /** The file that has the voxels, by the name that the header calls it; absent where they follow it. */
  readonly detached?: string;
  /**
   * Where the voxels begin in the file that has them, volume after volume and not packed; absent where they
   * lie otherwise.
   */
  readonly plainOffset?: number;
  /** What was odd. */
  readonly diagnostics: readonly Diagnostic[];
}
