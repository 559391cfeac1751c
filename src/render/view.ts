import { HounsfieldError } from "../core/errors.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { mmPerPixel } from "./camera.js";
import { createDisplayTexture, type DisplayTexture } from "./display_texture.js";
import { createDrawLoop, type Stage } from "./draw_loop.js";
import { gpuEngineOf } from "./gpu_engine_of.js";
import { type EdgeLetters, edgeLetters } from "./orientation.js";
import { createPainter } from "./painter.js";
import { createRefinement } from "./refinement.js";
import { createSurface } from "./surface.js";
import { changeState, defaultViewState, type ViewChange, type ViewState } from "./view_state.js";

export interface ViewOptions extends ViewChange {
  /** Of this volume, to share among views; made and dropped by the view where it is not given. */
  readonly display?: DisplayTexture;
  /** Told the new state after each `set`, those by controls included. */
  readonly onChange?: (state: ViewState) => void;
  /** Told what stops the view: `device-lost`, `out-of-memory`, `limit-exceeded`. By default the global `reportError`. */
  readonly onError?: (error: unknown) => void;
}

/** A volume on a canvas. Draws when something changed, and never otherwise. */
export interface View {
  /** Plain data: store it, send it, give it to another view's `set`. */
  readonly state: ViewState;
  /** Resolves when the first picture is on the canvas; rejects when none can be made. */
  readonly ready: Promise<void>;
  /** Changes a part of the state and draws. Throws `invalid-option` and then changes nothing. */
  set(change: ViewChange): void;
  /** Device pixels: for an `OffscreenCanvas`; an element follows its CSS size by itself. */
  resize(widthPx: number, heightPx: number): void;
  /** What of the patient each edge of the picture shows now. */
  edgeLetters(): EdgeLetters;
  /** Millimetres that one device pixel of the canvas spans now. */
  mmPerPixel(): number;
  /** Resolves when the picture is in full quality and nothing is left to draw. */
  settled(): Promise<void>;
  /** Frees all but the volume. Idempotent. */
  destroy(): void;
  [Symbol.dispose](): void;
}

/**
 * Shows a volume. The canvas needs a CSS size of its own (its pixels follow it). On a slow adapter a rough picture comes at once
 * and is refined at rest. Throws `invalid-option`; what goes wrong later reaches `ready` and `onError`.
 */
export function createView(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  volume: CtVolume,
  options: ViewOptions = {},
): View {
  const engine = gpuEngineOf(volume.engine);
  let state = changeState(defaultViewState, options);
  const surface = createSurface(engine.device, canvas, () => loop.wake());
  const loop = createDrawLoop(surface, () => state, options.onError ?? reportError);
  const opened = openStage(volume, surface.format, options.display);
  opened.then(loop.start, loop.fail);
  const watch: LossWatch = {
    onLost({ reason, message }) {
      if (reason === "destroyed") loop.stop(aborted("the engine was destroyed"));
      else loop.fail(new HounsfieldError("device-lost", `the GPU device was lost: ${message || reason}`));
    },
  };
  watchLoss(engine, watch);

  let destroyed = false;
  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    watch.onLost = undefined;
    loop.stop(aborted("the view was destroyed"));
    surface.destroy();
    opened.then(
      (stage) => stage.destroy(),
      () => {},
    );
  };
  return {
    get state() {
      return state;
    },
    ready: loop.ready,
    set(change) {
      state = changeState(state, change);
      loop.wake();
      options.onChange?.(state);
    },
    resize: surface.resize,
    edgeLetters: () => edgeLetters(state.camera),
    mmPerPixel: () => mmPerPixel(state.camera, volume.grid, surface.widthPx, surface.heightPx),
    settled: loop.settled,
    destroy,
    [Symbol.dispose]: destroy,
  };
}

async function openStage(
  volume: CtVolume,
  format: GPUTextureFormat,
  shared: DisplayTexture | undefined,
): Promise<Stage & { destroy(): void }> {
  const display = shared ?? (await createDisplayTexture(volume));
  const painter = await createPainter(display, format);
  const refinement = createRefinement(display, painter);
  const destroy = () => {
    refinement.destroy();
    painter.destroy();
    if (!shared) display.destroy();
  };
  return { painter, refinement, destroy };
}

interface LossWatch {
  onLost?: (info: GPUDeviceLostInfo) => void;
}

/** Apart from the view, because the engine's promise keeps this closure for as long as the engine lives. */
function watchLoss(engine: GpuEngine, watch: LossWatch): void {
  engine.lost.then((info) => watch.onLost?.(info));
}

function aborted(message: string): DOMException {
  return new DOMException(message, "AbortError");
}
