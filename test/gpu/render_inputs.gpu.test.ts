import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { voxelCount } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { ViewChange } from "../../src/render/state/view_state.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { testEngine } from "../support/gpu.js";
import { inputsOf } from "../support/inputs_of.js";
import { noiseVoxels } from "../support/mask_results.js";
import { uploadMask } from "../support/masks.js";
import { placedGrid, placements } from "../support/placements.js";
import { uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const size = { width: 4, height: 4 };

async function volumeOn(grid: Grid) {
  return uploadVolume(await engine(), grid, new Int16Array(voxelCount(grid)));
}

test("what draws a volume with masks is tested here", () => {
  const several = [...inputsOf("index.ts")].filter(([, inputs]) => inputs > 1).map(([name]) => name);
  // A view makes its labels by `createLabelTexture` too; what that throws is its notice "no-overlays".
  // Of sliceImages, which draws nothing, test/gpu/slice_images.gpu.test.ts has these cases.
  expect(several.sort()).toEqual(["createView", "renderToPixels", "sliceImages"]);
});

describe.each([
  ["overlay", { projection: "mpr", overlays: [{ mask: "lesion" }] }],
  ["cut", { projection: "dvr", cut: [{ mask: "lesion", outside: "hide" }] }],
] as [string, ViewChange][])("an %s", (_, change) => {
  test.each(placements)("%s: same place %s", async (_name, isSame, grid) => {
    const on = await engine();
    using volume = await volumeOn(placedGrid);
    using lesion = await uploadMask(on, grid, noiseVoxels(grid.size, 0.5, 1));
    const held = on.memory.bytes;
    const drawn = renderToPixels(volume, change, { ...size, masks: { lesion } });
    if (isSame) await drawn;
    else
      await expect(drawn).rejects.toMatchObject({
        code: "wrong-grid",
        message: expect.stringContaining('"masks.lesion"'),
      });
    expect(on.memory.bytes).toBe(held);
  });

  test("of another engine, or destroyed", async () => {
    const other = await createCpuEngine();
    using volume = await volumeOn(placedGrid);
    const voxels = noiseVoxels(placedGrid.size, 0.5, 1);
    using lesion = await uploadMask(other, placedGrid, voxels);
    const drawn = renderToPixels(volume, change, { ...size, masks: { lesion } });
    await expect(drawn).rejects.toMatchObject({ code: "wrong-engine" });
    const gone = await uploadMask(await engine(), placedGrid, voxels);
    gone.destroy();
    const again = renderToPixels(volume, change, { ...size, masks: { lesion: gone } });
    await expect(again).rejects.toMatchObject({ code: "destroyed" });
    lesion.destroy();
    other.destroy();
  });
});

test.each(placements)("a display of a volume %s: same place %s", async (_, isSame, grid) => {
  using volume = await volumeOn(placedGrid);
  using other = await volumeOn(grid);
  const display = await createDisplayTexture(other);
  const drawn = renderToPixels(volume, { projection: "mip" }, { ...size, display });
  await (isSame ? drawn : expect(drawn).rejects.toMatchObject({ code: "wrong-grid" }));
  display.destroy();
});

test("a destroyed volume", async () => {
  const volume = await volumeOn(placedGrid);
  volume.destroy();
  const drawn = renderToPixels(volume, { projection: "mip" }, size);
  await expect(drawn).rejects.toMatchObject({ code: "destroyed" });
});
