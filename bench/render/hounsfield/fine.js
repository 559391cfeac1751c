// A view has no option for its step: the picture of a finer one is made of the parts that views are made of.
import { bandsOf } from "../../../src/render/frame/bands.ts";
import { targetKind } from "../../../src/render/frame/render_target.ts";
import { rayCast } from "../../../src/render/rays/ray_cast.ts";
import { createRayPasses } from "../../../src/render/rays/ray_passes.ts";
import { restStepMm } from "../../../src/render/rays/rays.ts";
import { initialState } from "../../../src/render/state/initial_state.ts";
import { createDisplayTexture } from "../../../src/render/texture/display_texture.ts";

const FORMAT = "rgba8unorm";
/** A dispatch of seconds would end the GPU process. */
const BAND_COUNT = 32;

/**
 * Draws into a canvas that no view has.
 * @param {HTMLCanvasElement} canvas
 * @param {import("hounsfield").CtVolume} volume
 * @param {import("hounsfield").ViewChange} change
 * @param {number} factor
 */
export async function drawFine(canvas, volume, change, factor) {
  const display = await createDisplayTexture(volume);
  const { engine, grid } = display;
  const { width, height } = canvas;
  const passes = createRayPasses(display, FORMAT);
  const state = initialState(grid, change);
  const { projection } = state;
  if (projection === "mpr") throw new Error("a cut has no rays");
  const picture = passes.createRenderTarget(targetKind(projection), width, height);
  const cast = rayCast(grid, projection, state, undefined, width, height, restStepMm(grid) / factor);
  await passes.prepare(cast);
  for (const band of bandsOf(height, BAND_COUNT)) {
    passes.project(cast, picture, band);
    await engine.idle();
  }
  const context = canvas.getContext("webgpu");
  if (!context) throw new Error("no WebGPU canvas");
  context.configure({ device: engine.device, format: FORMAT, alphaMode: "opaque" });
  const target = { texture: context.getCurrentTexture(), widthPx: width, heightPx: height };
  passes.present(state, undefined, [{ picture, band: { top: 0, bottom: height } }], target);
  await engine.idle();
  for (const part of [picture, passes, display]) part.destroy();
}
