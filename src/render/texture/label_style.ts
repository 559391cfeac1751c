import type { Overlay } from "../state/overlays.js";
import type { LabelTexture } from "./label_texture.js";

/** A bit each of a texel. */
export const MOST_LABELS = 8;

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
export const OUTLINE_PX = 1.4;

/** The styles of the overlays whose masks are there. */
export function labelStyles(overlays: readonly Overlay[], labels?: LabelTexture): LabelStyle[] {
  return overlays.flatMap(({ mask, color, opacity, outline }) => {
    const bit = labels?.names.indexOf(mask) ?? -1;
    return bit < 0 ? [] : [{ bit, color, fillOpacity: opacity, outlineOpacity: outline }];
  });
}

/** As shaders/render/common/labels_over.wgsl takes them. */
export function labelLookParams(styles: readonly LabelStyle[]) {
  const fills = new Float32Array(4 * MOST_LABELS);
  const outlines = new Float32Array(4 * MOST_LABELS);
  styles.slice(0, MOST_LABELS).forEach(({ bit, color, fillOpacity, outlineOpacity }, i) => {
    fills.set([...color, fillOpacity], 4 * i);
    outlines.set([outlineOpacity, bit], 4 * i);
  });
  return { count: Math.min(MOST_LABELS, styles.length), fills, outlines };
}
