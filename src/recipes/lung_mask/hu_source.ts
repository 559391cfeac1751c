import type { Control } from "../../core/control.js";
import type { Grid } from "../../core/grid.js";
import type { Engine } from "../../engine/engine.js";
import { together } from "../../engine/round_trips.js";
import { type ThresholdOptions, threshold } from "../../ops/mask/threshold.js";
import { type Histogram, histogram } from "../../ops/value/histogram.js";
import type { BitMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";

/** All that the recipe asks of HU, so that it need not know whether the volume is there whole. */
export interface HuSource {
  readonly engine: Engine;
  readonly grid: Grid;
  /** As `threshold` of the volume. */
  threshold(options: ThresholdOptions & Control): Promise<BitMask>;
  /** One slice, dense. */
  readSlice(z: number): Promise<Int16Array>;
  /** As `histogram` within each mask. */
  histograms(masks: readonly BitMask[], control: Control): Promise<readonly Histogram[]>;
  /** Told when no threshold will be asked for any more. */
  thresholdsEnd?(): void;
}

/** Of a volume that is there. */
export function huOf(volume: CtVolume): HuSource {
  const { engine, grid } = volume;
  return {
    engine,
    grid,
    threshold: (options) => threshold(volume, options),
    readSlice: (z) => volume.read(z, z + 1),
    histograms: (masks, control) =>
      together(engine, ...masks.map((mask) => () => histogram(volume, { mask, ...control }))),
  };
}
