import { textureUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { RayProjection } from "../state/view_state.js";

/**
 * What the rays of a picture gave, before any window and outline: HU (r32float) or colors (rgba16float,
 * premultiplied), and label bits.
 */
export interface RenderTarget {
  readonly kind: TargetKind;
  readonly values: GPUTexture;
  readonly labels: GPUTexture;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Idempotent. */
  destroy(): void;
}

export type TargetKind = "hu" | "color";

/** Rows [top, bottom) of a picture. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** f32 in HU needs no scaling, is renderable everywhere, and is only loaded, never filtered. */
export const valueFormats = { hu: "r32float", color: "rgba16float" } as const;
export const LABEL_FORMAT = "r8uint";
const pixelBytes = { hu: 4, color: 8 } as const;

export function targetKind(projection: RayProjection): TargetKind {
  return projection === "dvr" ? "color" : "hu";
}

export function createRenderTarget(
  { device, memory }: GpuEngine,
  kind: TargetKind,
  widthPx: number,
  heightPx: number,
): RenderTarget {
  const usage = textureUsage.renderAttachment | textureUsage.textureBinding | textureUsage.copySource;
  const size = [widthPx, heightPx];
  const values = device.createTexture({ label: "projected", size, format: valueFormats[kind], usage });
  const labels = device.createTexture({ label: "projected labels", size, format: LABEL_FORMAT, usage });
  const release = memory.take("projected picture", widthPx * heightPx * (pixelBytes[kind] + 1));
  const destroy = () => {
    values.destroy();
    labels.destroy();
    release();
  };
  return { kind, values, labels, widthPx, heightPx, destroy };
}
