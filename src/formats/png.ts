import { HounsfieldError } from "../core/errors.js";
import { checkArgument, checkOptions, type Rule } from "../core/options.js";
import { boolean, bytes as bytesRule, count, finite, listOf, positive, required } from "../core/rules.js";
import { encodePng } from "./png_file.js";

/**
 * Gray levels of a display: HU at or below center - width/2 are black, at or above center + width/2 white.
 */
export interface DisplayWindow {
  readonly center: number;
  readonly width: number;
}

/** Size and shape of the pixels that encodeGrayPng is given. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  /**
   * Millimeters between columns and between rows; the picture is resampled so that both are the smaller of
   * them.
   */
  readonly spacingMm?: readonly [number, number];
  /** Last row first: coronal and sagittal images whose rows ascend with z are shown head up. */
  readonly flipRows?: boolean;
}

/**
 * An 8-bit gray PNG of `values` (height x width, row-major, HU).
 *
 * Radiological display is what the arrays give: x ascends to the patient's left, so axial and coronal images
 * have the patient's right at the left of the picture; y ascends to the back, so axial images have the front
 * on top and sagittal images the front at the left. Only z must be turned over, by `flipRows`.
 * @throws HounsfieldError `invalid-option`; `limit-exceeded` where square pixels would be more than 2^26
 */
export async function encodeGrayPng(
  values: Int16Array,
  window: DisplayWindow,
  image: GrayImage,
): Promise<Uint8Array<ArrayBuffer>> {
  checkArgument("encodeGrayPng", "values", values, int16Rule);
  checkOptions("encodeGrayPng", window, { center: required(finite), width: required(positive) });
  checkOptions("encodeGrayPng", image, {
    width: required(count),
    height: required(count),
    spacingMm: listOf(positive, "2 finite numbers above 0", 2),
    flipRows: boolean,
  });
  const gray = toSquarePixels(values, image);
  const data = windowed(gray.values, window);
  if (image.flipRows) reverseRows(data, gray.width, gray.height);
  return encodePng({ width: gray.width, height: gray.height, data, channels: 1 });
}

/**
 * An 8-bit color PNG of what `renderToPixels` gives: RGBA, a byte each, top row first; its alpha, which is
 * 255, is left out.
 */
export async function encodeColorPng(
  rgba: Uint8Array,
  image: { readonly width: number; readonly height: number },
): Promise<Uint8Array<ArrayBuffer>> {
  checkArgument("encodeColorPng", "rgba", rgba, bytesRule);
  const sizes = { width: required(count), height: required(count) };
  const { width, height } = checkOptions("encodeColorPng", image, sizes);
  if (rgba.length !== 4 * width * height) {
    const message = `PNG: ${rgba.length} bytes of RGBA for ${width} x ${height}`;
    throw new HounsfieldError("invalid-option", message, { got: rgba.length, accepted: 4 * width * height });
  }
  const data = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    data[to] = rgba[from];
    data[to + 1] = rgba[from + 1];
    data[to + 2] = rgba[from + 2];
  }
  return encodePng({ width, height, data, channels: 3 });
}

const int16Rule: Rule = (value) =>
  Object.prototype.toString.call(value) === "[object Int16Array]" ? undefined : "an Int16Array";

/**
 * Pixels that a picture may grow to where its pixels are made square: 8192 x 8192, 0.4 GB while it is made.
 */
const MOST_PIXELS = 2 ** 26;

interface SquareImage {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

function toSquarePixels(values: Int16Array, image: GrayImage): SquareImage {
  const { width, height, spacingMm = [1, 1] } = image;
  const [dx, dy] = spacingMm;
  if (values.length !== width * height || !(dx > 0 && dy > 0 && dx + dy < Infinity)) {
    throw new HounsfieldError(
      "invalid-option",
      `PNG: ${values.length} values, ${width} x ${height}, ${dx} x ${dy} mm`,
      {
        got: { length: values.length, width, height, spacingMm },
      },
    );
  }
  const mm = Math.min(dx, dy);
  const newWidth = Math.max(1, Math.round((width * dx) / mm));
  const newHeight = Math.max(1, Math.round((height * dy) / mm));
  const got = newWidth * newHeight;
  if (got > Math.max(MOST_PIXELS, values.length)) {
    const message = `PNG: pixels as square as ${dx} x ${dy} mm ask for are ${newWidth} x ${newHeight}, more than ${MOST_PIXELS}`;
    throw new HounsfieldError("limit-exceeded", message, { got, accepted: MOST_PIXELS });
  }
  return resampleRows(resampleColumns(values, width, height, newWidth), newHeight);
}

function resampleRows({ values, width, height }: SquareImage, newHeight: number): SquareImage {
  if (newHeight === height) return { values, width, height };
  const out = new Float32Array(width * newHeight);
  for (let row = 0; row < newHeight; row++) {
    const { low, high, share } = neighbors(row, newHeight, height);
    for (let x = 0; x < width; x++) {
      const a = values[low * width + x];
      out[row * width + x] = a + (values[high * width + x] - a) * share;
    }
  }
  return { values: out, width, height: newHeight };
}

function resampleColumns(
  values: ArrayLike<number>,
  width: number,
  height: number,
  newWidth: number,
): SquareImage {
  if (newWidth === width) return { values, width, height };
  const out = new Float32Array(newWidth * height);
  for (let x = 0; x < newWidth; x++) {
    const { low, high, share } = neighbors(x, newWidth, width);
    for (let row = 0; row < height; row++) {
      const a = values[row * width + low];
      out[row * newWidth + x] = a + (values[row * width + high] - a) * share;
    }
  }
  return { values: out, width: newWidth, height };
}

/** The two old samples about the center of a new one, edges aligned, and the share of the second. */
function neighbors(
  index: number,
  newCount: number,
  count: number,
): { low: number; high: number; share: number } {
  const at = Math.min(count - 1, Math.max(0, ((index + 0.5) * count) / newCount - 0.5));
  const low = Math.floor(at);
  return { low, high: Math.min(low + 1, count - 1), share: at - low };
}

/** The linear window, 0..255, rounded to nearest. */
function windowed(values: ArrayLike<number>, { center, width }: DisplayWindow): Uint8Array {
  if (!(width > 0)) {
    throw new HounsfieldError("invalid-option", `PNG: window width ${width}; accepted: over 0`, {
      got: width,
    });
  }
  const out = new Uint8Array(values.length);
  const low = center - width / 2;
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.round(Math.min(1, Math.max(0, (values[i] - low) / width)) * 255);
  }
  return out;
}

function reverseRows(data: Uint8Array, width: number, height: number): void {
  for (let row = 0; row < height >> 1; row++) {
    const other = (height - 1 - row) * width;
    const kept = data.slice(row * width, (row + 1) * width);
    data.copyWithin(row * width, other, other + width);
    data.set(kept, other);
  }
}
