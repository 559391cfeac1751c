import { expect } from "vitest";
import { chestPhantom } from "../../../src/phantom/chest.js";
import { renderToPixels } from "../../../src/render/view/render_to_pixels.js";
import { testEngine } from "../../support/gpu.js";
import { uploadVolume } from "../../support/volumes.js";
import type { Visit } from "./visit.js";
import { phantomOptions } from "./workshop.js";

/**
 * Compares what pages show with what Node draws of the phantom's own voxels, not those that were encoded,
 * read and decoded.
 */
export function pictureJudge() {
  const engine = testEngine();

  /** The bone window's maximum projection, which every example shows. */
  async function picture(width: number, height: number): Promise<Uint8Array> {
    const phantom = chestPhantom(phantomOptions);
    const [columns, rows, slices] = phantom.grid.size;
    const voxels = new Int16Array(columns * rows * slices);
    for (let z = 0; z < slices; z++) voxels.set(phantom.slice(z), z * columns * rows);
    const volume = await uploadVolume(await engine(), phantom.grid, voxels);
    try {
      return await renderToPixels(volume, { projection: "mip", window: "bone" }, { width, height });
    } finally {
      volume.destroy();
    }
  }

  /** Within one gray level everywhere, the bound of `renderToPixels`, and nothing wrong besides. */
  return async function expectPicture({ width, height, pixels, problems }: Visit): Promise<void> {
    expect(problems).toEqual([]);
    expect([width, height]).toEqual([200, 160]);
    const wanted = await picture(width, height);
    const channels = pixels.length / (width * height);
    let worst = 0;
    for (let i = 0; i < width * height; i++) {
      for (let channel = 0; channel < 3; channel++)
        worst = Math.max(worst, Math.abs(pixels[i * channels + channel] - wanted[4 * i + channel]));
    }
    expect(new Set(wanted).size).toBeGreaterThan(50);
    expect(worst).toBeLessThanOrEqual(1);
  };
}
