import type { ViewState } from "../state/view_state.js";
import { MOST_LABELS } from "../texture/label_style.js";
import type { LabelTexture } from "../texture/label_texture.js";

/**
 * Which labels rays heed, and how volume rendering colors them, as shaders/render/common/ray_march.wgsl takes
 * it.
 */
export interface LabelParams {
  readonly overlay_bits: number;
  readonly hide_bits: number;
  readonly dim_bits: number;
  readonly label_count: number;
  readonly label_colors: Float32Array;
  readonly label_bits: Float32Array;
}

/** Of a state's masks, those that are on the device; the others are as if they were not named. */
export function labelParams({ overlays, cut }: ViewState, labels?: LabelTexture): LabelParams {
  const bitOf = (mask: string) => labels?.names.indexOf(mask) ?? -1;
  const bitsOf = (masks: readonly string[]) =>
    masks.reduce((bits, mask) => (bitOf(mask) < 0 ? bits : bits | (1 << bitOf(mask))), 0);
  const outside = (what: string) => cut.filter((one) => one.outside === what).map(({ mask }) => mask);
  const shown = overlays.filter(({ mask }) => bitOf(mask) >= 0).slice(0, MOST_LABELS);
  const colors = new Float32Array(4 * MOST_LABELS);
  const bits = new Float32Array(MOST_LABELS);
  shown.forEach(({ mask, color, opacity }, i) => {
    colors.set([...color, opacity], 4 * i);
    bits[i] = bitOf(mask);
  });
  return {
    overlay_bits: bitsOf(shown.map(({ mask }) => mask)),
    hide_bits: bitsOf(outside("hide")),
    dim_bits: bitsOf(outside("dim")),
    label_count: shown.length,
    label_colors: colors,
    label_bits: bits,
  };
}
