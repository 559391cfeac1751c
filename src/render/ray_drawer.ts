import type { DisplayTexture } from "./display_texture.js";
import type { Drawer } from "./drawer.js";
import type { Painter } from "./painter.js";
import { createRefinement } from "./refinement.js";

/** Draws rays through the volume: all projections but MPR. */
export function createRayDrawer(display: DisplayTexture, painter: Painter): Drawer {
  const refinement = createRefinement(display, painter);
  let drawn: readonly unknown[] = [];
  return {
    begin({ projection, camera }, width, height, { version }) {
      const wanted = [projection, camera, width, height, version];
      if (projection === "mpr" || wanted.every((value, i) => value === drawn[i])) return false;
      drawn = wanted;
      refinement.begin(projection, camera, width, height);
      return true;
    },
    get finished() {
      return refinement.finished;
    },
    advance: () => refinement.advance(),
    present: (state, target) => painter.present(state, refinement.layers(), target),
    destroy() {
      refinement.destroy();
      painter.destroy();
    },
  };
}
