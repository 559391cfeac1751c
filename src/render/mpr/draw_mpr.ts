import { bandsOf } from "../frame/bands.js";
import { firstSpeed, planFrame } from "../frame/pace.js";
import { createRenderTarget } from "../frame/render_target.js";
import type { PresentTarget } from "../frame/window_pass.js";
import type { ViewState } from "../state/view_state.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { LabelTexture } from "../texture/label_texture.js";
import { mprParams } from "./mpr_params.js";
import { createMprPasses } from "./mpr_passes.js";
import { sliceSamples } from "./mpr_renderer.js";

/** Draws a state's cut once, in full quality, in bands that no watchdog minds. */
export async function drawMpr(
  display: DisplayTexture,
  state: ViewState,
  format: GPUTextureFormat,
  target: PresentTarget,
  labels?: LabelTexture,
): Promise<void> {
  const { engine, grid } = display;
  const { widthPx, heightPx } = target;
  const passes = await createMprPasses(display, format);
  const picture = createRenderTarget(engine, "hu", widthPx, heightPx);
  try {
    const params = mprParams(grid, state.mpr, widthPx, heightPx);
    const samples = sliceSamples(params, state.mpr, widthPx, heightPx);
    const { bands } = planFrame(samples, firstSpeed(engine.adapter.software));
    for (const band of bandsOf(heightPx, bands)) {
      passes.sample(params, picture, band, labels?.texture);
      await engine.idle();
    }
    passes.present(state, labels, [{ picture, band: { top: 0, bottom: heightPx } }], target);
  } finally {
    picture.destroy();
    passes.destroy();
  }
}
