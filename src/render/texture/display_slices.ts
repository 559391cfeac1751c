import type { EngineBuffer, Pass } from "../../engine/engine.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { type Bricks, foundBytes } from "./bricks.js";
import { type DisplayFormat, type Staging, withStaging, writeSlices } from "./display_target.js";

/**
 * A 3D texture of HU that is filled slice by slice, and its bricks, which are told in the submit in which
 * slices are written.
 */
export interface DisplayTarget {
  readonly engine: GpuEngine;
  readonly texture: GPUTexture;
  readonly format: DisplayFormat;
  readonly bricks: Bricks;
}

/** How a display texture takes slices over; in slices of the volume. See `DisplayTexture`. */
export interface DisplayFill {
  update(z0: number, z1: number, standIn?: number): Promise<void>;
  clear(z0: number, z1: number): void;
}

/** Slices of texels, and the extremes of their parts of bricks. */
export interface HuStaging extends Staging {
  readonly extremes: EngineBuffer;
}

/** Memory for slices of a texture, as long as `use` takes. */
export function withHuStaging(
  { engine, texture, bricks }: DisplayTarget,
  slices: number,
  use: (staging: HuStaging) => Promise<void>,
): Promise<void> {
  return withStaging(engine, texture, slices, async (staging) => {
    const bytes = foundBytes(bricks, slices);
    const extremes = await engine.allocate("display staging", bytes, "zeroed", bytes);
    try {
      await use({ ...staging, extremes });
    } finally {
      extremes.destroy();
    }
  });
}

/** As `writeSlices`, of texels whose extremes the passes find too. */
export function writeHuSlices(
  { engine, texture, bricks }: DisplayTarget,
  staging: HuStaging,
  passes: readonly Pass[],
  z0: number,
  z1: number,
  depth = z1 - z0,
): Promise<void> {
  return writeSlices(engine, texture, staging, passes, z0, z1, depth, (encoder) =>
    bricks.encodeSlices(encoder, engine.gpuBuffer(staging.extremes), z0, z1, depth),
  );
}

export function clearToAir({ engine, texture, bricks }: DisplayTarget, z0: number, z1: number): void {
  const airHu = -1024;
  const displayOffsetHu = 1024;
  const air = airHu - displayOffsetHu;
  const encoder = engine.device.createCommandEncoder();
  const view = texture.createView();
  for (let depthSlice = z0; depthSlice < z1; depthSlice++) {
    encoder
      .beginRenderPass({
        colorAttachments: [
          { view, depthSlice, loadOp: "clear", storeOp: "store", clearValue: [air, 0, 0, 0] },
        ],
      })
      .end();
  }
  bricks.level(z0, z1, air);
  engine.device.queue.submit([encoder.finish()]);
}
