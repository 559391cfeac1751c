import type { Control } from "../core/control.js";
import { rowPitch } from "../core/frame.js";
import { prefetch } from "../core/prefetch.js";
import { storedOfValue } from "../core/value_scale.js";
import { roundHalfAway } from "../decode/codecs/common/hu.js";
import type { Resampling } from "../dicom/geometry/regrid_plan.js";
import { outsideValue } from "../dicom/image/pixel_padding.js";
import type { Series } from "../dicom/series/list_series.js";
import type { CtEngine } from "./ct_engine.js";
import type { SliceUpload } from "./load_volume.js";
import { type RecordOptions, sliceDecoder } from "./slice_decoder.js";
import { blendPlanes, type PlacedPlane, placeSlice } from "./true_grid.js";

/**
 * Slices as acquired come in order; two of them on the grid's plane are enough for all slices of the grid
 * between them.
 */
export async function uploadResampled(
  engine: CtEngine,
  { slices, grid }: Series,
  resampling: Resampling,
  upload: SliceUpload,
  record: RecordOptions,
  {
    ahead,
    signal,
    onProgress,
  }: Control & { /** Slices under way beside the one waited for. */ readonly ahead: number },
): Promise<void> {
  const { columns, rows } = slices[0];
  const decode = sliceDecoder(engine, record);
  const { values } = record;
  const outside = Math.min(
    32767,
    Math.max(-32768, roundHalfAway(storedOfValue(values, outsideValue(values.units)))),
  );
  const total = slices.length;
  const bytes = rowPitch(columns) * rows * 2;
  const acquired = prefetch(total, ahead, (k) =>
    decode(slices[k], engine.decoder.createMemory(bytes), signal),
  );
  onProgress?.({ stage: "load", done: 0, total });
  let below: PlacedPlane | undefined;
  let k = 0;
  let z = 0;
  for await (const hu of acquired) {
    signal?.throwIfAborted();
    const above = placeSlice({ hu, columns, rows }, resampling.shiftPixels[k], grid);
    for (; z < resampling.slices.length && resampling.slices[z].above === k; z++) {
      const { weight } = resampling.slices[z];
      // What has no weight is the slice itself, not one between two.
      const between = weight === 0 || !below ? above : below;
      await upload(z, blendPlanes(between, above, weight, outside, grid));
    }
    below = above;
    k++;
    onProgress?.({ stage: "load", done: k, total });
  }
}
