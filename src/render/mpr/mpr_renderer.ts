import type { FrameRenderer } from "../frame/frame_renderer.js";
import { Refinement } from "../frame/refinement.js";
import type { MprState } from "../state/mpr_state.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { LabelTexture } from "../texture/label_texture.js";
import { type MprParams, mprParams, SAMPLES_PER_VOXEL } from "./mpr_params.js";
import type { MprPasses } from "./mpr_passes.js";

/** What a sample costs, in trilinear ones. */
const costOf = { nearest: 1 / 8, linear: 1, cubic: 8 } as const satisfies Record<
  MprState["interpolation"],
  number
>;

/** What a cut costs, in trilinear samples. */
export function sliceSamples(
  { reach }: MprParams,
  { interpolation }: MprState,
  width: number,
  height: number,
): number {
  return width * height * (2 * reach + 1) * costOf[interpolation];
}

/** Draws cuts; rough ones are of linear samples at most. */
export function createMprRenderer({ engine, grid }: DisplayTexture, passes: MprPasses): FrameRenderer {
  let labels: LabelTexture | undefined;
  let drawn: readonly unknown[] = [];
  const refinement = new Refinement(engine, (params: MprParams, picture, band, encoder) =>
    passes.sample(params, picture, band, labels?.texture, encoder),
  );
  return {
    begin({ mpr, overlays }, width, height, content, rests) {
      labels = overlays.length > 0 ? content.labels : undefined;
      const wanted = [content.version, mpr, width, height, labels];
      const looksAlike = wanted.every((value, i) => i === 0 || value === drawn[i]);
      if (looksAlike && wanted[0] === drawn[0]) return false;
      drawn = wanted;
      const roughly: MprState = mpr.interpolation === "cubic" ? { ...mpr, interpolation: "linear" } : mpr;
      refinement.begin(
        "hu",
        width,
        height,
        (w, h, stepFactor) => {
          const state = stepFactor === 1 ? mpr : roughly;
          const cast = mprParams(grid, state, w, h, SAMPLES_PER_VOXEL / stepFactor);
          return { cast, samples: sliceSamples(cast, state, w, h) };
        },
        rests && looksAlike,
      );
      return true;
    },
    get finished() {
      return refinement.finished;
    },
    advance: (frame) => refinement.advance(frame),
    present: (state, target, { encoder }) =>
      passes.present(state, labels, refinement.layers(), target, encoder),
    destroy() {
      refinement.destroy();
      passes.destroy();
    },
  };
}
