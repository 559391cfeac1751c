import type { RayProjection } from "../state/view_state.js";
import type { RayCast } from "./ray_cast.js";

/** How rays are cast, whatever the picture. */
export interface CastMode {
  /** Leave out what cannot matter; else take every sample: the reference. The picture is the same. */
  readonly skipping: boolean;
  /**
   * The picture holds, instead of values, how many samples (and 4096 times the steps) its rays took; colors:
   * samples, steps, gradients.
   */
  readonly counting: boolean;
}

/** What a pipeline that casts rays is compiled for: what it need not do costs nothing. Plain data. */
export interface CastVariant {
  readonly projection: RayProjection;
  /** The module's `override`s of these names. */
  readonly constants: Readonly<Record<string, number>>;
}

export function castVariant({ projection, params }: RayCast, { skipping, counting }: CastMode): CastVariant {
  const overlaid = params.overlay_bits !== 0;
  const cut = params.hide_bits !== 0 || params.dim_bits !== 0;
  const mode = { skipping: skipping ? 1 : 0, counting: counting ? 1 : 0, cut: cut ? 1 : 0 };
  if (projection === "dvr") {
    const shaded = params.lit | params.gradient_opacity;
    return { projection, constants: { ...mode, overlaid: overlaid ? 1 : 0, shaded } };
  }
  const searched = overlaid && skipping;
  return {
    projection,
    constants: { ...mode, overlaid: overlaid && !searched ? 1 : 0, searched: searched ? 1 : 0 },
  };
}
