import type { CtVolume } from "../../volume/ct_volume.js";
import type { FrameRenderer } from "../frame/frame_renderer.js";
import { createRayPasses } from "../rays/ray_passes.js";
import { createRayRenderer } from "../rays/ray_renderer.js";
import type { ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";
import type { LabelTexture, Masks } from "../texture/label_texture.js";
import type { ViewResources } from "./draw_loop.js";
import { acquireVolumeResources, type VolumeResources } from "./volume_resources.js";

/** A stage on its way. */
export interface OpeningResources {
  readonly made: Promise<ViewResources>;
  /** Idempotent; also ends what is still being made. */
  destroy(): void;
}

interface ResourceHooks {
  /** There is something new to draw. */
  onUpdate(): void;
  onError(error: unknown): void;
  /** There is something to draw from; coarser than the volume where that is given. */
  onDisplay(downsampling: Downsampling | undefined): void;
  /** The state's overlays cannot be shown. */
  onNoLabels(error: unknown): void;
}

/** What one view of a volume draws with, for as long as the engine's device lasts. */
export function openViewResources(
  volume: CtVolume,
  format: GPUTextureFormat,
  masks: Masks | undefined,
  hooks: ResourceHooks,
): OpeningResources {
  const closing: (() => void)[] = [];
  let closed = false;
  const whenClosed = (close: () => void) => {
    if (closed) close();
    else closing.push(close);
  };
  const made = acquireVolumeResources(volume).then(({ value: shared, release }) => {
    whenClosed(release);
    whenClosed(shared.onUpdate(hooks.onUpdate));
    whenClosed(shared.onError(hooks.onError));
    hooks.onDisplay(shared.display.downsampling);
    return resourcesOf({ volume, shared, format, masks, hooks, whenClosed });
  });
  const destroy = () => {
    if (closed) return;
    closed = true;
    // Renderers first, what is shared last.
    for (const close of closing.reverse()) close();
  };
  return { made, destroy };
}

interface ResourceParts {
  readonly volume: CtVolume;
  readonly shared: VolumeResources;
  readonly format: GPUTextureFormat;
  readonly masks?: Masks;
  readonly hooks: ResourceHooks;
  whenClosed(close: () => void): void;
}

function resourcesOf({ volume, shared, format, masks, hooks, whenClosed }: ResourceParts): ViewResources {
  const { display } = shared;
  const renderers: {
    ray?: Promise<FrameRenderer> | FrameRenderer;
    mpr?: Promise<FrameRenderer> | FrameRenderer;
  } = {};
  const make = {
    ray: async () => createRayRenderer(display, createRayPasses(display, format)),
    // Loaded with the first cut: a page that only casts rays never does.
    mpr: async () => {
      const { createMprPasses } = await import("../mpr/mpr_passes.js");
      const { createMprRenderer } = await import("../mpr/mpr_renderer.js");
      return createMprRenderer(display, await createMprPasses(display, format));
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
      return makingLabels || shared.loading;
    },
    get changing() {
      return shared.changing;
    },
    get content() {
      return { version: shared.version, labels };
    },
    rendererOf(state: ViewState) {
      if (state.overlays.length + state.cut.length > 0) askForLabels();
      const kind = state.projection === "mpr" ? "mpr" : "ray";
      const known = renderers[kind];
      if (known instanceof Promise) return known;
      if (known) return known.prepare?.(state, { version: shared.version, labels }) ?? known;
      const making = make[kind]().then((renderer) => {
        whenClosed(() => renderer.destroy());
        renderers[kind] = renderer;
        return renderer;
      });
      renderers[kind] = making;
      return making;
    },
  };
}
