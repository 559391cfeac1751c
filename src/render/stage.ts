import type { CtVolume } from "../volume/ct_volume.js";
import type { Stage } from "./draw_loop.js";
import type { Drawer } from "./drawer.js";
import { createMprDrawer } from "./mpr/mpr_drawer.js";
import { createMprPainter } from "./mpr/mpr_painter.js";
import { createPainter } from "./painter.js";
import { createRayDrawer } from "./ray_drawer.js";
import { type Scene, takeScene } from "./scene.js";
import type { ViewState } from "./view_state.js";

/** A stage on its way. */
export interface OpenStage {
  readonly made: Promise<Stage>;
  /** Idempotent; also ends what is still being made. */
  destroy(): void;
}

interface StageHooks {
  /** There is something new to draw. */
  onUpdate(): void;
  onError(error: unknown): void;
}

/** What one view of a volume draws with, for as long as the engine's device lasts. */
export function openStage(volume: CtVolume, format: GPUTextureFormat, hooks: StageHooks): OpenStage {
  const closing: (() => void)[] = [];
  let closed = false;
  const whenClosed = (close: () => void) => {
    if (closed) close();
    else closing.push(close);
  };
  const made = takeScene(volume).then(({ value: scene, release }) => {
    whenClosed(release);
    whenClosed(scene.onUpdate(hooks.onUpdate));
    whenClosed(scene.onError(hooks.onError));
    return stageOn(scene, format, whenClosed);
  });
  const destroy = () => {
    if (closed) return;
    closed = true;
    // Drawers first, the scene last.
    for (const close of closing.reverse()) close();
  };
  return { made, destroy };
}

function stageOn(scene: Scene, format: GPUTextureFormat, whenClosed: (close: () => void) => void): Stage {
  const drawers: { ray?: Promise<Drawer> | Drawer; mpr?: Promise<Drawer> | Drawer } = {};
  const make = {
    ray: async () => createRayDrawer(scene.display, await createPainter(scene.display, format)),
    mpr: async () => createMprDrawer(scene.display, await createMprPainter(scene.display, format)),
  };
  return {
    get version() {
      return scene.version;
    },
    drawerOf({ projection }: ViewState) {
      const kind = projection === "mpr" ? "mpr" : "ray";
      const known = drawers[kind];
      if (known) return known;
      const making = make[kind]().then((drawer) => {
        whenClosed(() => drawer.destroy());
        drawers[kind] = drawer;
        return drawer;
      });
      drawers[kind] = making;
      return making;
    },
  };
}
