import type { CtVolume } from "../../volume/ct_volume.js";
import type { Drawer } from "../frame/drawer.js";
import { createPainter } from "../rays/painter.js";
import { createRayDrawer } from "../rays/ray_renderer.js";
import type { ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";
import type { LabelTexture, Masks } from "../texture/label_texture.js";
import type { Stage } from "./draw_loop.js";
import { type Scene, takeScene } from "./volume_resources.js";

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
  /** There is something to draw from; coarser than the volume where that is given. */
  onDisplay(downsampling: Downsampling | undefined): void;
  /** The state's overlays cannot be shown. */
  onNoLabels(error: unknown): void;
}

/** What one view of a volume draws with, for as long as the engine's device lasts. */
export function openStage(
  volume: CtVolume,
  format: GPUTextureFormat,
  masks: Masks | undefined,
  hooks: StageHooks,
): OpenStage {
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
    hooks.onDisplay(scene.display.downsampling);
    return stageOn({ volume, scene, format, masks, hooks, whenClosed });
  });
  const destroy = () => {
    if (closed) return;
    closed = true;
    // Drawers first, the scene last.
    for (const close of closing.reverse()) close();
  };
  return { made, destroy };
}

interface StageParts {
  readonly volume: CtVolume;
  readonly scene: Scene;
  readonly format: GPUTextureFormat;
  readonly masks?: Masks;
  readonly hooks: StageHooks;
  whenClosed(close: () => void): void;
}

function stageOn({ volume, scene, format, masks, hooks, whenClosed }: StageParts): Stage {
  const { display } = scene;
  const drawers: { ray?: Promise<Drawer> | Drawer; mpr?: Promise<Drawer> | Drawer } = {};
  const make = {
    ray: async () => createRayDrawer(display, createPainter(display, format)),
    // Loaded with the first cut: a page that only casts rays never does.
    mpr: async () => {
      const { createMprPainter } = await import("../mpr/mpr_painter.js");
      const { createMprDrawer } = await import("../mpr/mpr_drawer.js");
      return createMprDrawer(display, await createMprPainter(display, format));
    },
  };
  let labels: LabelTexture | undefined;
  let asked = false;
  let makingLabels = false;
  /** Made when masks are first named; until then the picture is drawn without them. */
  const askForLabels = () => {
    if (asked || !masks) return;
    asked = makingLabels = true;
    // Loaded with the first masks.
    const made = volume.shares.take(masks, async () => {
      const { createLabelTexture } = await import("../texture/label_texture.js");
      return createLabelTexture(display.engine, volume.grid, masks, display.grid);
    });
    const done = made.then(({ value, release }) => {
      labels = value;
      whenClosed(release);
    }, hooks.onNoLabels);
    done.then(() => {
      makingLabels = false;
      hooks.onUpdate();
    });
  };
  return {
    get pending() {
      return makingLabels || scene.loading;
    },
    get changing() {
      return scene.changing;
    },
    get content() {
      return { version: scene.version, labels };
    },
    drawerOf(state: ViewState) {
      if (state.overlays.length + state.cut.length > 0) askForLabels();
      const kind = state.projection === "mpr" ? "mpr" : "ray";
      const known = drawers[kind];
      if (known instanceof Promise) return known;
      if (known) return known.prepare?.(state, { version: scene.version, labels }) ?? known;
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
