import { dispose } from "../../core/dispose.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { invalidOption } from "../../core/options.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { fileWindow } from "../../volume/file_window.js";
import type { MprSlice } from "../mpr/mpr_slice.js";
import { initialState } from "../state/initial_state.js";
import type { EdgeLetters } from "../state/orientation.js";
import { defaultViewState, type ViewChange, type ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";
import { gpuEngineOf } from "../texture/gpu_engine_of.js";
import type { Masks } from "../texture/label_texture.js";
import { changedState } from "./changed_state.js";
import { checkMasks } from "./check_given.js";
import { createDrawLoop } from "./draw_loop.js";
import { createEmitter } from "./emitter.js";
import { edgesShown, pixelSpanMm, probePicture, shownSlice } from "./picture_geometry.js";
import type { Probe } from "./probe.js";
import { createSurface } from "./surface.js";
import type { ViewEvents } from "./view_events.js";
import { type OpenStage, openStage } from "./view_resources.js";

// Over 300 lines: most of it is a view's public contract and its words; the owner behind it is to be split.

/** Options of createView: the state to begin with, and masks. */
export interface ViewOptions extends ViewChange {
  /**
   * What the state's overlays name: masks on the volume's grid and engine, eight at most; others are left
   * out, and the "notice" event says why.
   */
  readonly masks?: Masks;
}

/** A volume on a canvas. Draws when something changed, and never otherwise. */
export interface View {
  readonly volume: CtVolume;
  /** Plain data: store it, send it, give it to another view's `set`. */
  readonly state: ViewState;
  /**
   * How the picture is coarser than the volume, where that is too large for the device; known before the
   * first picture. See the "notice" event.
   */
  readonly downsampling: Downsampling | undefined;
  /**
   * Resolves when the first picture is on the canvas, which takes a canvas that has a size and a page that is
   * shown; rejects when none can be made, and with an `AbortError` when the view is destroyed before.
   */
  readonly ready: Promise<void>;
  /**
   * The view is at its end and draws no more: it was destroyed, a later view has its canvas, or it told of an
   * "error". Its state can still be read; `set`, `setMasks`, `probe` and `settled` throw why it ended.
   */
  readonly ended: boolean;
  /**
   * Changes a part of the state and draws, where it changes anything. Throws `invalid-option` and then
   * changes nothing; `destroyed`.
   */
  set(change: ViewChange): void;
  /**
   * Gives the masks that the state's overlays name; the same object to views that share them. Throws
   * `invalid-option`, `destroyed`; masks that cannot be shown are told by the "notice" event.
   */
  setMasks(masks: Masks): void;
  /** Calls `listener` at each event of a type (see `ViewEvents`) until the call it gives is made. */
  on<T extends keyof ViewEvents>(type: T, listener: (event: ViewEvents[T]) => void): () => void;
  /** Of the picture, in device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /**
   * Device pixels; 0 for a canvas that is not shown. For an `OffscreenCanvas`, or a canvas element outside of
   * the document: one that is laid out follows its CSS size by itself. Nothing for a view at its end, for
   * layouts change when they like. Throws `invalid-option`.
   */
  resize(widthPx: number, heightPx: number): void;
  /** What of the patient each edge of the picture shows now. */
  edgeLetters(): EdgeLetters;
  /** Millimeters that one device pixel of the canvas spans now. */
  mmPerPixel(): number;
  /** Where the picture of an MPR lies in the patient; undefined for other projections. */
  mprSlice(): MprSlice | undefined;
  /**
   * What is seen at a pixel (device pixels from the top left corner), read from the record, exact: of a cut
   * the voxel there, of a slab or a projection the one that is its maximum. Undefined beside the volume.
   * Throws `invalid-option`, `destroyed`, `device-lost`.
   */
  probe(xPx: number, yPx: number): Promise<Probe | undefined>;
  /**
   * Resolves when the volume is there, its picture in full quality, and nothing is left to draw: not while
   * the canvas has no size or the page is hidden and there is something to draw. Rejects when the view ends.
   */
  settled(): Promise<void>;
  /** Frees all but the volume, and the canvas unless a later view has it. Idempotent. */
  destroy(): void;
  [dispose](): void;
}

/**
 * Shows a volume, also while it is loaded. The canvas's pixels follow its CSS size, in whichever window it
 * is; until it has a size nothing is drawn. On a slow adapter a rough picture comes at once and is refined at
 * rest. MPR begins in the middle of the volume unless told. An earlier view on the canvas ends. Throws
 * `invalid-option`, `destroyed`, and `no-gpu` for a volume of an engine that does not draw; what goes wrong
 * later reaches `ready` and the "error" event, or the global `reportError` where nobody listens to that.
 */
export function createView(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  volume: CtVolume,
  options: ViewOptions = {},
): View {
  checkVolume("createView", volume);
  const engine = gpuEngineOf(volume.engine);
  const events = createEmitter<ViewEvents>();
  let { masks, state } = readOptions(volume, options);
  let opened: OpenStage | undefined;
  let downsampling: Downsampling | undefined;
  let destroyed = false;
  /** Why the view is at its end. */
  let ended: unknown;

  const surface = createSurface(engine.device, canvas, {
    onSize(isAnother) {
      if (ended) return;
      if (isAnother) events.emit("resize", { widthPx: surface.widthPx, heightPx: surface.heightPx });
      loop.wake();
    },
    onTaken() {
      if (!ended) yieldCanvas();
    },
  });
  const loop = createDrawLoop(surface, {
    state: () => state,
    onDrawn: (finished) => events.emit("drawn", { finished }),
    onSettled: () => events.emit("settled", {}),
    onError(error) {
      ended ??= error;
      stopWatching();
      close();
      const isHeard = events.emit("error", { error });
      // Who destroyed what the view needs knows of it.
      if (!isHeard && !isHounsfieldError(error, "destroyed")) reportError(error);
    },
  });

  const onError = (error: unknown) => {
    // The engine tells of a loss by itself, and whether that is the end.
    if (!isHounsfieldError(error, "device-lost")) loop.fail(error);
  };
  const open = () => {
    const stage = openStage(volume, surface.format, masks, {
      onUpdate: loop.update,
      onError,
      onDisplay(next) {
        const changed = JSON.stringify(next) !== JSON.stringify(downsampling);
        downsampling = next;
        if (next && changed) events.emit("notice", { code: "downsampled", downsampling: next });
      },
      onNoLabels: (error) => events.emit("notice", { code: "no-overlays", error }),
    });
    opened = stage;
    return stage.made.then(
      (made) => stage === opened && loop.use(made),
      (error) => stage === opened && loop.fail(error),
    );
  };
  const close = () => {
    opened?.destroy();
    opened = undefined;
  };
  const unwatch = engine.onDevice?.((event) => {
    if (event.kind === "lost") {
      loop.use(undefined);
      close();
      events.emit("lost", { error: event.error });
    } else if (event.kind === "gone") {
      loop.fail(event.error);
    } else if (event.kind === "closed") {
      loseGround("engine");
    } else {
      surface.use(engine.device);
      open().then(() => opened && events.emit("recovered", {}));
    }
  });
  const onVolumeDestroyed = () => loseGround("volume");
  volume.lifetime.addEventListener("abort", onVolumeDestroyed);
  const stopWatching = () => {
    unwatch?.();
    volume.lifetime.removeEventListener("abort", onVolumeDestroyed);
  };
  /** Who closes a page's things in any order destroys the view in the same task, and need not be told. */
  const loseGround = (what: "engine" | "volume") => {
    if (ended) return;
    ended = new HounsfieldError("destroyed", `the ${what} was destroyed under its view, which ends with it`);
    stopWatching();
    loop.use(undefined);
    close();
    queueMicrotask(() => loop.fail(ended));
  };
  /**
   * To a later view, by which this one is asked to end before that one is made: what both draw from stays, as
   * it is given back later.
   */
  const yieldCanvas = () => {
    ended = new HounsfieldError("destroyed", "the view has ended: a later view was created on its canvas");
    stopWatching();
    loop.stop(aborted("a later view was created on the canvas"));
    surface.destroy();
    queueMicrotask(() => {
      close();
      events.emit("notice", { code: "superseded" });
    });
  };
  open();
  if (state.window === defaultViewState.window && volume.values.units !== "HU") findWindow();

  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    ended ??= new HounsfieldError("destroyed", "the view was used after its destroy()");
    stopWatching();
    loop.stop(aborted("the view was destroyed"));
    close();
    surface.destroy();
    events.clear();
  };
  const throwIfEnded = () => {
    if (ended) throw ended;
  };
  /**
   * Of other units nothing is known beforehand: once the values are there, their own range, unless somebody
   * chose a window meanwhile.
   */
  async function findWindow(): Promise<void> {
    const before = state.window;
    try {
      await loop.settled();
      const { usualWindow } = await import("./usual_window.js");
      if (ended) return;
      const window = await usualWindow(volume, { signal: volume.lifetime });
      if (!ended && state.window === before) view.set({ window });
    } catch {
      // The view's end, of which it tells by itself.
    }
  }
  const view: View = {
    volume,
    get state() {
      return state;
    },
    get downsampling() {
      return downsampling;
    },
    ready: loop.ready,
    get ended() {
      return ended !== undefined;
    },
    set(change) {
      throwIfEnded();
      const { state: next, changed, isSeen } = changedState(state, change);
      if (changed.length === 0) return;
      state = next;
      if (isSeen) loop.wake();
      events.emit("change", { state, changed });
    },
    setMasks(next) {
      throwIfEnded();
      masks = checkMasks("setMasks", next);
      if (!opened) return;
      const before = opened;
      loop.expect();
      open().then(before.destroy);
    },
    on: events.on,
    get widthPx() {
      return surface.widthPx;
    },
    get heightPx() {
      return surface.heightPx;
    },
    resize(widthPx, heightPx) {
      for (const [name, value] of Object.entries({ widthPx, heightPx }))
        if (!(Number.isFinite(value) && value >= 0)) throw invalidOption("resize", name, value, "0 or more");
      if (!ended) surface.resize(widthPx, heightPx);
    },
    edgeLetters: () => edgesShown(volume, state, surface),
    mmPerPixel: () => pixelSpanMm(volume, state, surface),
    mprSlice: () => shownSlice(volume, state, surface),
    async probe(xPx, yPx) {
      throwIfEnded();
      for (const [name, value] of Object.entries({ xPx, yPx }))
        if (!Number.isFinite(value)) throw invalidOption("probe", name, value, "a finite number");
      return probePicture(volume, state, surface, [xPx, yPx], throwIfEnded);
    },
    settled() {
      if (!ended) return loop.settled();
      const refused = Promise.reject(ended);
      // As the loop's, it may go unheard.
      refused.catch(() => {});
      return refused;
    },
    destroy,
    [dispose]: destroy,
  };
  return view;
}

function readOptions(volume: CtVolume, options: ViewOptions): { masks?: Masks; state: ViewState } {
  if (typeof options !== "object" || options === null)
    throw invalidOption("createView", "options", options, "an object");
  const { masks, ...change } = options;
  return {
    masks: checkMasks("createView", masks),
    state: initialState(volume.grid, change, fileWindow(volume)),
  };
}

function aborted(message: string): DOMException {
  return new DOMException(message, "AbortError");
}
