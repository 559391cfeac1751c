import { describe, expect, test } from "vitest";
import { positionMm } from "../../src/core/grid.js";
import { textureUsage } from "../../src/engine/gpu/constants.js";
import type { Overlay } from "../../src/render/state/overlays.js";
import { createLabelTexture } from "../../src/render/texture/label_texture.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { overlaid } from "../reference/overlay.js";
import { testEngine } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const [nx, ny, nz] = [41, 33, 9];
const grid = gridOf([nx, ny, nz], [1.5, 1.5, 1.5]);

/** A ball, as bytes. */
function ball(cx: number, cy: number, cz: number, radius: number): Uint8Array {
  return Uint8Array.from({ length: nx * ny * nz }, (_, i) => {
    const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    return Math.hypot(at[0] - cx, at[1] - cy, at[2] - cz) < radius ? 1 : 0;
  });
}

const bytes = { left: ball(14, 15, 4, 9.3), right: ball(25, 17, 5, 10.7), speck: ball(30, 8, 4, 1.2) };
const overlays: Overlay[] = [
  { mask: "right", color: [1, 0.2, 0], opacity: 0.3, outline: 1 },
  { mask: "speck", color: [0, 0, 1], opacity: 0, outline: 0.5 },
  { mask: "left", color: [0, 1, 0.5], opacity: 0.5, outline: 0 },
];
const window = { centerHu: 0, widthHu: 2000 };

async function opened() {
  const next = random(11);
  const voxels = Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 1600 - 800));
  const on = await engine();
  const volume = await uploadVolume(on, grid, voxels);
  const masks: Record<string, BitMask> = {};
  for (const [name, mask] of Object.entries(bytes)) masks[name] = await uploadMask(on, grid, mask);
  const close = () => {
    volume.destroy();
    for (const mask of Object.values(masks)) mask.destroy();
  };
  return { voxels, volume, masks, close };
}

describe("masks over a cut", () => {
  for (const interpolation of ["nearest", "linear", "cubic"] as const) {
    test(`are filled and outlined in their order, ${interpolation}, a voxel a pixel`, async () => {
      const { voxels, volume, masks, close } = await opened();
      const mpr = { interpolation, pointMm: positionMm(grid, [20, 16, 4]) };
      const size = { width: nx, height: ny, masks };
      const pixels = await renderToPixels(volume, { projection: "mpr", window, mpr, overlays }, size);
      close();
      const slice = (values: Int16Array | Uint8Array) => values.slice(4 * nx * ny, 5 * nx * ny);
      const gray = [...slice(voxels)].map((hu) => Array(3).fill((255 * (hu + 1000)) / 2000));
      const labels = overlays.map(({ mask, ...style }) => ({
        ...style,
        inside: Uint8Array.from(slice(bytes[mask as keyof typeof bytes])),
      }));
      const expected = overlaid(gray, nx, ny, labels);
      const differences = expected.flatMap((color, i) =>
        color.map((v, c) => Math.abs(v - pixels[4 * i + c])),
      );
      expect(Math.max(...differences)).toBeLessThan(0.6);
    });
  }

  test("have smooth edges between voxels", async () => {
    const { volume, masks, close } = await opened();
    const wide = { width: 8 * nx, height: 8 * ny, masks };
    const only = [{ mask: "right", color: [1, 0, 0], opacity: 1, outline: 0 }] as const;
    const areaOf = async (interpolation: "nearest" | "linear") => {
      const mpr = { interpolation, pointMm: positionMm(grid, [20, 16, 5]) };
      const pixels = await renderToPixels(volume, { projection: "mpr", window, mpr, overlays: only }, wide);
      const isRed = (i: number) => pixels[4 * i] === 255 && pixels[4 * i + 1] === 0;
      return Array.from({ length: wide.width * wide.height }, (_, i) => i).filter(isRed);
    };
    const [blocks, smooth] = [await areaOf("nearest"), await areaOf("linear")];
    close();
    // Of a disk of radius 10.7 voxels, 8 pixels each.
    const offCircle = (pixels: number[]) =>
      pixels.filter((i) => {
        const x = ((i % wide.width) + 0.5) / 8 - 0.5 - 25;
        const y = (Math.floor(i / wide.width) + 0.5) / 8 - 0.5 - 17;
        return Math.hypot(x, y) > 10.7;
      }).length;
    expect(Math.abs(smooth.length - blocks.length)).toBeLessThan(blocks.length / 20);
    expect(offCircle(smooth)).toBeLessThan(0.8 * offCircle(blocks));
  });
});

test("labels may be cleared where they lie: else writes to textures larger than a buffer are lost", async () => {
  const on = await engine();
  using mask = await uploadMask(on, gridOf([4, 4, 4]), new Uint8Array(64));
  const { texture, destroy } = await createLabelTexture(on, mask.grid, { mask });
  expect(texture.usage & textureUsage.renderAttachment).toBe(textureUsage.renderAttachment);
  destroy();
});

test("masks that do not fit are refused by name, and nothing is left behind", async () => {
  const on = await engine();
  const small = await uploadMask(on, gridOf([4, 4, 4]), new Uint8Array(64));
  await expect(createLabelTexture(on, grid, { small })).rejects.toMatchObject({
    code: "wrong-grid",
    fields: { got: { size: [4, 4, 4] } },
  });
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}`, small]));
  await expect(createLabelTexture(on, small.grid, many)).rejects.toMatchObject({ code: "invalid-option" });
  small.destroy();
});
