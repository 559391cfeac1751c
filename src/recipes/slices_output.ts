import type { Control } from "../core/control.js";
import type { BitMask } from "../volume/bit_mask.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { historyOf } from "../volume/history.js";
import { type ArrayOutput, windowedScale } from "./preprocess_outputs.js";
import { type SliceImageOptions, sliceImages } from "./slice_images.js";

/** What preprocess makes of single slices. */
export interface SlicePictures extends Pick<SliceImageOptions, "sizePx" | "scale" | "order"> {
  /** What lies outside of both lungs is 0. Goes with `lungs`, and without `spacingMm`. */
  readonly masked?: boolean;
}

/** The pictures of `sliceImages` one after the other, and what is measured of them while they go by. */
export function slicesOutput(
  volume: CtVolume,
  { sizePx, scale, order }: SlicePictures,
  mask: BitMask | undefined,
  control: Control,
): ArrayOutput {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  async function* slabs() {
    for await (const { values } of sliceImages(volume, { sizePx, scale, order, mask, ...control })) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value < min) min = value;
        if (value > max) max = value;
        sum += value;
      }
      yield values;
    }
  }
  const shape = [volume.grid.size[2], sizePx, sizePx];
  const count = shape.reduce((product, length) => product * length, 1);
  const summary = async () => ({ min, max, mean: sum / count });
  const inputs = mask ? [volume, mask] : [volume];
  const history = historyOf("sliceImages", { sizePx, scale, order }, ...inputs);
  return { name: "slices", dtype: "float32", shape, values: windowedScale, history, slabs: slabs(), summary };
}
