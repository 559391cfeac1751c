import type { Grid } from "../../src/core/grid.js";
import type { GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import type { ViewChange } from "../../src/render/state/view_state.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { uploadMask } from "./masks.js";
import { uploadVolume } from "./volumes.js";

/** What pictures are drawn of. */
export interface Subject {
  readonly grid: Grid;
  readonly voxels: Int16Array;
  /** 0 or 1 a voxel, by name. */
  readonly masks?: Readonly<Record<string, Uint8Array>>;
}

/** Red, green and blue of each pixel, 0..255, top row first. */
export type Picture = readonly (readonly number[])[];

export type Draw = (change: ViewChange, width?: number, height?: number) => Promise<Picture>;

/** Draws a subject as often as is wanted, from one texture. */
export async function withPictures(engine: GpuEngine, subject: Subject, use: (draw: Draw) => Promise<void>) {
  const { grid, voxels, masks: bytes = {} } = subject;
  const volume = await uploadVolume(engine, grid, voxels);
  const display = await createDisplayTexture(volume);
  const masks: Record<string, BitMask> = {};
  for (const [name, mask] of Object.entries(bytes)) masks[name] = await uploadMask(engine, grid, mask);
  try {
    await use(async (change, width = 48, height = width) => {
      const pixels = await renderToPixels(volume, change, { width, height, display, masks });
      return Array.from({ length: width * height }, (_, i) => [...pixels.subarray(4 * i, 4 * i + 3)]);
    });
  } finally {
    display.destroy();
    volume.destroy();
    for (const mask of Object.values(masks)) mask.destroy();
  }
}

/** In gray levels. */
export function meanDifference(a: Picture, b: Picture): number {
  const differences = a.flatMap((color, i) => color.map((value, c) => Math.abs(value - b[i][c])));
  return differences.reduce((sum, value) => sum + value, 0) / differences.length;
}

/** In gray levels. */
export function greatestDifference(a: Picture, b: Picture): number {
  return Math.max(...a.map((color, i) => Math.max(...color.map((value, c) => Math.abs(value - b[i][c])))));
}

/** How far a picture is from an empty one, in gray levels. */
export function contrast(picture: Picture): number {
  return meanDifference(picture, Array(picture.length).fill(picture[0]));
}
