// Planes of values to pictures. A plane is { width, height, spacingMm: [across, down], values }; a picture is
// { width, height, rgb }.
import { encode } from "fast-png";

/** @typedef {readonly [red: number, green: number, blue: number]} Color */
/** @typedef {{ readonly width: number, readonly height: number, readonly rgb: Uint8Array }} Picture */

/** @typedef {ArrayLike<number> & { entries(): Iterable<[number, number]> }} Values */
/**
 * @template {Values} [V=Values]
 * @typedef {{ readonly width: number, readonly height: number, readonly spacingMm: readonly number[],
 * readonly values: V }} Plane
 */

/** @typedef {readonly number[]} Area x, y, width, height */
/** @typedef {{ readonly area?: Area, readonly mm?: number }} PaintOptions */

/** The pixels of pictures, unless told otherwise: millimeters. Those of the phantom. */
const PIXEL_MM = 1.6;

/** 32 grays: noise of less is not worth its bytes. */
const GRAY_LEVELS = 32;

/**
 * Low to high as black to white. `area` is x, y, width and height in mm from the plane's corner; `mm` a pixel
 * of the picture. Values are those of the nearest voxel.
 * @param {Plane} plane
 * @param {readonly number[]} range
 * @param {PaintOptions} [options]
 */
export function gray(plane, [low, high], options) {
  return paint(plane, options, (value) => {
    const part = Math.min(1, Math.max(0, (value - low) / (high - low)));
    const level = Math.round((Math.round(part * (GRAY_LEVELS - 1)) / (GRAY_LEVELS - 1)) * 255);
    return [level, level, level];
  });
}

/**
 * 0 to `high` as black, red, yellow, white; what is no number, or infinite, as gray.
 * @param {Plane} plane
 * @param {number} high
 * @param {PaintOptions} [options]
 */
export function heat(plane, high, options) {
  return paint(plane, options, (value) => {
    if (!Number.isFinite(value)) return [90, 90, 90];
    const part = Math.round((value / high) * 24) / 24;
    return [0, 1, 2].map((channel) => Math.round(255 * Math.min(1, Math.max(0, 3 * part - channel))));
  });
}

/**
 * `colorOf` gives red, green and blue of a value.
 * @param {Plane} plane
 * @param {PaintOptions | undefined} options
 * @param {(value: number) => readonly number[]} colorOf
 * @returns {Picture}
 */
export function paint(plane, { area, mm = PIXEL_MM } = {}, colorOf) {
  const [across, down] = plane.spacingMm;
  const [x0, y0, wide, high] = area ?? [0, 0, plane.width * across, plane.height * down];
  const [width, height] = [Math.round(wide / mm), Math.round(high / mm)];
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const y = Math.floor((y0 + (row + 0.5) * mm) / down);
    for (let column = 0; column < width; column++) {
      const x = Math.floor((x0 + (column + 0.5) * mm) / across);
      const inside = x >= 0 && y >= 0 && x < plane.width && y < plane.height;
      const color = inside ? colorOf(plane.values[y * plane.width + x]) : [0, 0, 0];
      rgb.set(color, (row * width + column) * 3);
    }
  }
  return { width, height, rgb };
}

/**
 * Of labels, and of the series of a plot: orange, blue, green, ...
 * @type {readonly Color[]}
 */
export const colors = [
  [255, 150, 40],
  [70, 160, 255],
  [90, 220, 110],
  [235, 90, 200],
  [250, 230, 80],
  [80, 225, 225],
  [180, 130, 255],
  [255, 95, 95],
];

/**
 * Labels over a picture of the same area: a half of each.
 * @param {Picture} picture
 * @param {Plane} labels
 * @param {PaintOptions} [options]
 * @returns {Picture}
 */
export function tinted(picture, labels, { mm = PIXEL_MM, ...options } = {}) {
  const area = options.area ?? [0, 0, picture.width * mm, picture.height * mm];
  const tints = paint(labels, { area, mm }, (label) =>
    label ? colors[(label - 1) % colors.length] : [0, 0, 0],
  );
  const rgb = picture.rgb.map((value, i) => {
    const pixel = i - (i % 3);
    const clear = tints.rgb[pixel] + tints.rgb[pixel + 1] + tints.rgb[pixel + 2] === 0;
    return clear ? value : Math.round(value * 0.45 + tints.rgb[i] * 0.55);
  });
  return { ...picture, rgb };
}

/**
 * A PNG: gray where all of it is.
 * @param {Picture} picture
 */
export function pngOf({ width, height, rgb }) {
  const channels = isGray(rgb) ? 1 : 3;
  const data = channels === 3 ? rgb : Uint8Array.from({ length: width * height }, (_, i) => rgb[i * 3]);
  return encode({ width, height, data, channels, depth: 8 }, { zlib: { level: 6 } });
}

/** @param {Uint8Array} rgb */
function isGray(rgb) {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}
