import type { Content, FrameRenderer } from "../frame/frame_renderer.js";
import { Refinement } from "../frame/refinement.js";
import { targetKind } from "../frame/render_target.js";
import type { ViewState } from "../state/view_state.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { LabelTexture } from "../texture/label_texture.js";
import { rayCast } from "./ray_cast.js";
import type { RayPasses } from "./ray_passes.js";
import { restStepMm, sampleCount } from "./rays.js";

/** Draws rays through the volume: all projections but MPR. */
export function createRayRenderer(display: DisplayTexture, passes: RayPasses): FrameRenderer {
  const { engine, grid } = display;
  const refinement = new Refinement(engine, passes.project);
  let drawn: readonly unknown[] = [];
  let labels: LabelTexture | undefined;
  const labelsOf = ({ overlays, cut }: ViewState, content: Content) =>
    overlays.length + cut.length > 0 ? content.labels : undefined;
  return {
    prepare(state, content) {
      const { projection } = state;
      if (projection === "mpr") return undefined;
      // Of any size: what a cast needs does not depend on it.
      return passes.prepare(rayCast(grid, projection, state, labelsOf(state, content), 1, 1, 1));
    },
    begin(state, width, height, content, rests) {
      const { projection } = state;
      labels = labelsOf(state, content);
      const wanted = [content.version, ...seenBy(state), width, height, labels];
      const looksAlike =
        wanted.length === drawn.length && wanted.every((value, i) => i === 0 || value === drawn[i]);
      if (projection === "mpr" || (looksAlike && wanted[0] === drawn[0])) return false;
      drawn = wanted;
      refinement.begin(
        targetKind(projection),
        width,
        height,
        (w, h, stepFactor) => {
          const stepMm = restStepMm(grid) * stepFactor;
          return {
            cast: rayCast(grid, projection, state, labels, w, h, stepMm),
            samples: sampleCount(grid, state.camera, w, h, stepMm),
          };
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

/** Parts of a state that rays depend on; the rest is presentation. */
function seenBy(state: ViewState): unknown[] {
  const { projection, camera, slab, clip, cut, overlays, transfer, shading } = state;
  const always = [projection, camera, slab, clip, cut];
  if (projection === "dvr") return [...always, overlays, transfer, shading];
  return [...always, overlays.map(({ mask }) => mask).join("\n")];
}
