import type { Control } from "../core/control.js";
import type { Grid } from "../core/grid.js";
import { isUnscaled } from "../core/value_scale.js";
import { plannedScale } from "../dicom/image/record_scale.js";
import type { Series } from "../dicom/series/list_series.js";
import { keepingFreed } from "../engine/round_trips.js";
import { thresholdInto } from "../ops/mask/threshold.js";
import type { VolumeSlab } from "../ops/resample/resample_slabs.js";
import type { Scratch } from "../ops/scratch.js";
import { allocateMask, maskWords } from "../volume/bit_mask.js";
import type { CtEngine } from "../volume/ct_engine.js";
import type { Recorded } from "../volume/history.js";
import { openSliceWindow } from "../volume/slice_window.js";
import { gatherHu } from "./lung_mask/hu_planes.js";
import { recipeEdgesHu } from "./lung_mask/recipe_edges.js";
import { isUpright, type LungMask, type LungMethod, plainLungMask, refinedLungMask } from "./lung_mask.js";
import { AIR_BELOW_HU, lungsOfAir } from "./lung_threshold.js";
import { acquiredInParts } from "./parts_output.js";
import type { PreprocessOptions } from "./preprocess_options.js";
import { resampledInParts } from "./resampled_output.js";

/** Takes what a part holds to where it is gathered. */
export type Gather = (part: VolumeSlab) => Promise<void>;

/** What lungs are made of, and how, once all of it has gone by. */
export interface GatheredForLungs {
  readonly gather: Gather;
  lungsOf(record: Recorded): Promise<LungMask>;
}

interface Gathering {
  readonly scratch: Scratch;
  readonly engine: CtEngine;
  readonly series: Series;
  readonly options: PreprocessOptions;
  readonly control: Control;
}

/** The masks that refined lungs hold at a time, and what labels them. */
const REFINED_MASKS = 11;

/** What refined lungs hold beside the volume. */
export function refinedLungBytes(grid: Grid): number {
  return REFINED_MASKS * maskWords(grid) * 4;
}

/**
 * Whether refined lungs can be made of slices that go by: of records that are HU themselves, and in an
 * orientation that need not be turned.
 */
export function canGoByForLungs(series: Series): boolean {
  const values = plannedScale(series);
  return values !== undefined && isUnscaled(values) && isUpright(series.grid);
}

/** Of a volume that goes by, on `grid`, what lungs by `method` are made of: bits of each voxel. */
export async function gatherForLungs(
  gathering: Gathering,
  method: LungMethod,
  grid: Grid,
): Promise<GatheredForLungs> {
  const { scratch, engine, control } = gathering;
  if (method === "refined") {
    const planes = await gatherHu(scratch, engine, grid, recipeEdgesHu, control);
    const again = () => partsAgain(gathering, grid);
    return {
      gather: (part) => planes.add(part),
      lungsOf: (record) => refinedLungMask(planes.source(again), record, control),
    };
  }
  const { signal } = control;
  const air = scratch.own(await allocateMask(engine, grid, "air", "unwritten"));
  return {
    gather: ({ z0, volume }) => thresholdInto(air, z0, volume, { belowHu: AIR_BELOW_HU, signal }),
    lungsOf: (record) =>
      keepingFreed(engine, async () => plainLungMask(await lungsOfAir(air, control), record, control)),
  };
}

/** The volume that the lungs are of, decoded once more. */
async function* partsAgain(
  { engine, series, options, control }: Gathering,
  grid: Grid,
): AsyncGenerator<VolumeSlab> {
  const { spacingMm, exact, clip } = options;
  const slices = openSliceWindow(engine, series, { ...control, clip });
  try {
    const volume =
      spacingMm === undefined
        ? acquiredInParts(slices, control)
        : resampledInParts(slices, { spacingMm, exact, grid }, control);
    yield* volume.parts();
  } finally {
    slices.destroy();
  }
}
