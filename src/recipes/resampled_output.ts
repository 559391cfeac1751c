import type { Control } from "../core/control.js";
import type { Grid } from "../core/grid.js";
import { resampleSlices } from "../ops/resample/resample_slabs.js";
import { historyOf, type Recorded } from "../volume/history.js";
import type { SliceSource } from "../volume/slice_window.js";
import { type PartsOptions, partsOutput, type VolumeInParts } from "./parts_output.js";
import type { ArrayOutput } from "./preprocess_outputs.js";

export interface ResampledOptions extends PartsOptions {
  readonly spacingMm: number;
  readonly exact?: "integer";
  /** What `spacingMm` makes of the volume's grid. */
  readonly grid: Grid;
}

/** A volume resampled, or windowed after it, slab by slab. As `preprocess` resamples. */
export function resampledOutput(
  source: SliceSource,
  options: ResampledOptions,
  control: Control,
): ArrayOutput {
  return partsOutput(resampledInParts(source, options, control), options, control);
}

/** Linear, without antialiasing: of what is resampled no more than a slab is ever there. */
export function resampledInParts(
  source: SliceSource,
  { spacingMm, exact, grid }: Pick<ResampledOptions, "spacingMm" | "exact" | "grid">,
  control: Control,
): VolumeInParts {
  const { engine, values } = source;
  const { history } = resampledRecord(source, spacingMm, exact);
  const parts = () => resampleSlices(source, { spacingMm, exact, ...control });
  return { name: "resampled", engine, grid, values, history, parts };
}

/** Of the volume that goes by. */
export function resampledRecord(source: Recorded, spacingMm: number, exact?: "integer"): Recorded {
  const options = { spacingMm, exact, antialias: false };
  return { engine: source.engine, history: historyOf("resample", options, source) };
}
