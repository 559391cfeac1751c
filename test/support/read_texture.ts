import { bufferUsage } from "../../src/engine/gpu/constants.js";
import type { GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { readBuffer } from "./read_buffer.js";

/** The bytes of a texture of `bytesPerTexel`, dense, top row first. */
export async function readTexture(
  engine: GpuEngine,
  texture: GPUTexture,
  bytesPerTexel: number,
): Promise<Uint8Array> {
  const { device } = engine;
  const { width, height } = texture;
  const bytesPerRow = Math.ceil((width * bytesPerTexel) / 256) * 256;
  const usage = bufferUsage.copyDestination | bufferUsage.copySource;
  const rows = device.createBuffer({ size: bytesPerRow * height, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: rows, bytesPerRow }, [width, height]);
  device.queue.submit([encoder.finish()]);
  const padded = new Uint8Array(await readBuffer(device, rows));
  rows.destroy();
  const dense = new Uint8Array(width * height * bytesPerTexel);
  for (let y = 0; y < height; y++) {
    dense.set(
      padded.subarray(y * bytesPerRow, y * bytesPerRow + width * bytesPerTexel),
      y * width * bytesPerTexel,
    );
  }
  return dense;
}
