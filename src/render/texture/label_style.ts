import type { Overlay } from "../state/overlays.js";
import type { LabelTexture } from "./label_texture.js";

/** A bit each of a texel. */
export const mostLabels = 8;

/** How a label is laid over a picture. */
export interface LabelStyle {
  /** Its bit, 0..7. */
  readonly bit: number;
  /** Red, green and blue, 0..1. */
  readonly color: readonly [number, number, number];
  readonly fillOpacity: number;
  readonly outlineOpacity: number;
}

/** Of outlines: the pixels of a label whose neighbors are not its, diagonal ones too. */
export const outlinePx = 1.4;

/** The styles of the overlays whose masks are there. */
export function labelStyles(overlays: readonly Overlay[], labels?: LabelTexture): LabelStyle[] {
  return overlays.flatMap(({ mask, color, opacity, outline }) => {
    const bit = labels?.names.indexOf(mask) ?? -1;
    return bit < 0 ? [] : [{ bit, color, fillOpacity: opacity, outlineOpacity: outline }];
  });
}

/** As shaders/render/common/labels_over.wgsl takes them. */
export function labelLookParams(styles: readonly LabelStyle[]) {
  const fills = new Float32Array(4 * mostLabels);
  const outlines = new Float32Array(4 * mostLabels);
  styles.slice(0, mostLabels).forEach(({ bit, color, fillOpacity, outlineOpacity }, i) => {
    fills.set([...color, fillOpacity], 4 * i);
    outlines.set([outlineOpacity, bit], 4 * i);
  });
  return { count: Math.min(mostLabels, styles.length), fills, outlines };
}
