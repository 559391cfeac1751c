import type { Grid } from "../../core/grid.js";
import type { TransferFunction } from "../state/transfer.js";
import type { RayProjection, ViewState } from "../state/view_state.js";
import type { LabelTexture } from "../texture/label_texture.js";
import { type LabelParams, labelParams } from "./label_params.js";
import { type Rays, raysOf } from "./rays.js";

/** All that the rays of a picture depend on, beside the volume's texture. */
export interface RayCast {
  readonly projection: RayProjection;
  readonly params: Rays & LabelParams & ShadingParams;
  readonly transfer: TransferFunction;
  readonly labels?: GPUTexture;
}

interface ShadingParams {
  readonly lit: number;
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  readonly shininess: number;
  readonly gradient_opacity: number;
}

export function rayCast(
  grid: Grid,
  projection: RayProjection,
  state: ViewState,
  labels: LabelTexture | undefined,
  widthPx: number,
  heightPx: number,
  stepMm: number,
): RayCast {
  const { on, ambient, diffuse, specular, shininess } = state.shading;
  const params = {
    ...raysOf(grid, state, widthPx, heightPx, stepMm),
    ...labelParams(state, labels),
    lit: on ? 1 : 0,
    ambient,
    diffuse,
    specular,
    shininess,
    gradient_opacity: state.transfer.gradientOpacity?.length ? 1 : 0,
  };
  return { projection, params, transfer: state.transfer, labels: labels?.texture };
}
