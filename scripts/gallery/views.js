// The usual ways to look at volumes and masks; see pictures.js.
import { gray, tinted } from "./pictures.js";
import { axial } from "./planes.js";
import { level, wide } from "./scene.js";

/** @typedef {import("hounsfield").CtVolume} CtVolume */
/** @typedef {import("hounsfield").BitMask} BitMask */

/** @typedef {import("./pictures.js").PaintOptions} PaintOptions */
/** @typedef {PaintOptions & { readonly k?: number, readonly window?: readonly number[] }} ViewOptions */

/**
 * A slice; `area` and `mm` as in pictures.js.
 * @param {CtVolume} volume
 * @param {ViewOptions} [options]
 */
export async function viewOf(volume, { k = level.bronchi, window = wide, ...options } = {}) {
  return gray(await axial(volume, k), window, options);
}

/**
 * Masks of the same grid over a slice: the first orange, the second blue, the third green; undefined skips a
 * color.
 * @param {CtVolume} volume
 * @param {readonly (BitMask | undefined)[]} masks
 * @param {ViewOptions} [options]
 */
export async function overlayOf(volume, masks, { k = level.bronchi, window = wide, ...options } = {}) {
  let picture = await viewOf(volume, { k, window, ...options });
  for (const [i, mask] of masks.entries()) {
    if (!mask) continue;
    const plane = await axial(mask, k);
    picture = tinted(picture, { ...plane, values: plane.values.map((bit) => bit * (i + 1)) }, options);
  }
  return picture;
}
