import type { RayProjection } from "../view_state.js";
import type { RayCast } from "./ray_cast.js";

/** What a pipeline that casts rays is compiled for: what it need not do costs nothing. Plain data. */
export interface CastVariant {
  readonly projection: RayProjection;
  /** The module's `override`s of these names. */
  readonly constants: Readonly<Record<string, number>>;
}

export function castVariant({ projection, params }: RayCast): CastVariant {
  const overlaid = params.overlay_bits !== 0 ? 1 : 0;
  const cut = params.hide_bits !== 0 || params.dim_bits !== 0 ? 1 : 0;
  const labels = { overlaid, cut };
  if (projection !== "dvr") return { projection, constants: labels };
  return { projection, constants: { ...labels, shaded: params.lit | params.gradient_opacity } };
}
