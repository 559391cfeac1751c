import { dispose } from "../../core/dispose.js";
import { isHounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { type Cut, cutOf } from "../mpr/cut.js";
import { mmPerPixel } from "../state/camera.js";
import { initialState } from "../state/initial_state.js";
import { type EdgeLetters, edgeLetters, lettersOfEdges } from "../state/orientation.js";
import { changeState, type ViewChange, type ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";
import { gpuEngineOf } from "../texture/gpu_engine_of.js";
import type { Masks } from "../texture/label_texture.js";
import { createDrawLoop } from "./draw_loop.js";
import { createEmitter } from "./emitter.js";
import type { Probe } from "./probe.js";
import { createSurface } from "./surface.js";
import type { ViewEvents } from "./view_events.js";
import { type OpenStage, openStage } from "./view_resources.js";

/** Options of createView: the state to begin with, and masks. */
export interface ViewOptions extends ViewChange {
  /** What the state's overlays name: masks on the volume's grid and engine, eight at most; others are left out, and the "notice" event says why. */
  readonly masks?: Masks;
}

/** A volume on a canvas. Draws when something changed, and never otherwise. */
export interface View {
  readonly volume: CtVolume;
  /** Plain data: store it, send it, give it to another view's `set`. */
  readonly state: ViewState;
  /** How the picture is coarser than the volume, where that is too large for the device; known before the first picture. See the "notice" event. */
  readonly downsampling: Downsampling | undefined;
  /** Resolves when the first picture is on the canvas; rejects when none can be made. */
  readonly ready: Promise<void>;
  /** Changes a part of the state and draws, where it changes anything. Throws `invalid-option` and then changes nothing. */
  set(change: ViewChange): void;
  /** Gives the masks that the state's overlays name; the same object to views that share them. */
  setMasks(masks: Masks): void;
  /** Calls `listener` at each event of a type (see `ViewEvents`) until the call it gives is made. */
  on<T extends keyof ViewEvents>(type: T, listener: (event: ViewEvents[T]) => void): () => void;
  /** Of the picture, in device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels: for an `OffscreenCanvas`; an element follows its CSS size by itself. */
  resize(widthPx: number, heightPx: number): void;
  /** What of the patient each edge of the picture shows now. */
  edgeLetters(): EdgeLetters;
  /** Millimetres that one device pixel of the canvas spans now. */
  mmPerPixel(): number;
  /** Where the picture of an MPR lies in the patient; undefined for other projections. */
  cut(): Cut | undefined;
  /**
   * What is seen at a pixel (device pixels from the top left corner), read from the record, exact: of a cut the voxel there, of a slab
   * or a projection the one that is its maximum. Undefined beside the volume.
   * Throws `device-lost`.
   */
  probe(xPx: number, yPx: number): Promise<Probe | undefined>;
  /** Resolves when the volume is there, its picture in full quality, and nothing is left to draw. */
  settled(): Promise<void>;
  /** Frees all but the volume. Idempotent. */
  destroy(): void;
  [dispose](): void;
}

/**
 * Shows a volume, also while it is loaded. The canvas needs a CSS size of its own (its pixels follow it). On a slow adapter a rough
 * picture comes at once and is refined at rest. MPR begins in the middle of the volume unless told. Throws `invalid-option`; what goes
 * wrong later reaches `ready` and the "error" event, or the global `reportError` where nobody listens to that.
 */
export function createView(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  volume: CtVolume,
  options: ViewOptions = {},
): View {
  const engine = gpuEngineOf(volume.engine);
  const events = createEmitter<ViewEvents>();
  let { masks } = options;
  let state = initialState(volume.grid, options);
  let opened: OpenStage | undefined;
  let downsampling: Downsampling | undefined;
  let destroyed = false;

  const surface = createSurface(engine.device, canvas, () => {
    events.emit("resize", { widthPx: surface.widthPx, heightPx: surface.heightPx });
    loop.wake();
  });
  const loop = createDrawLoop(surface, {
    state: () => state,
    onDrawn: (finished) => events.emit("drawn", { finished }),
    onSettled: () => events.emit("settled", {}),
    onError(error) {
      close();
      if (!events.emit("error", { error })) reportError(error);
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
  const stopWatching = engine.onDevice?.((event) => {
    if (event.kind === "lost") {
      loop.use(undefined);
      close();
      events.emit("lost", { error: event.error });
    } else if (event.kind === "gone") {
      loop.fail(event.error);
    } else if (event.kind === "closed") {
      loop.stop(aborted("the engine was destroyed"));
      close();
    } else {
      surface.use(engine.device);
      open().then(() => opened && events.emit("recovered", {}));
    }
  });
  open();

  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    stopWatching?.();
    loop.stop(aborted("the view was destroyed"));
    close();
    surface.destroy();
    events.clear();
  };
  const cut = () => cutOf(volume.grid, state.mpr, surface.widthPx, surface.heightPx);
  return {
    volume,
    get state() {
      return state;
    },
    get downsampling() {
      return downsampling;
    },
    ready: loop.ready,
    set(change) {
      const next = changeState(state, change);
      const changed = changedParts(state, next);
      if (changed.length === 0 || destroyed) return;
      state = next;
      if (changed.some((part) => !unseen[next.projection].includes(part))) loop.wake();
      events.emit("change", { state, changed });
    },
    setMasks(next) {
      masks = next;
      if (destroyed || !opened) return;
      const before = opened;
      open().then(before.destroy);
    },
    on: events.on,
    get widthPx() {
      return surface.widthPx;
    },
    get heightPx() {
      return surface.heightPx;
    },
    resize: surface.resize,
    edgeLetters() {
      if (state.projection !== "mpr") return edgeLetters(state.camera);
      const { right, down } = cut().axes;
      return lettersOfEdges(right, negative(down));
    },
    mmPerPixel() {
      if (state.projection === "mpr") return cut().mmPerPixel;
      return mmPerPixel(state.camera, volume.grid, surface.widthPx, surface.heightPx);
    },
    async probe(xPx, yPx) {
      const { projection, camera, mpr } = state;
      const { widthPx, heightPx } = surface;
      const shown = projection === "mpr" ? cut() : undefined;
      // Loaded with the first question.
      const { probeCut, probeRay } = await import("./probe.js");
      if (shown) return probeCut(volume, shown, mpr, xPx, yPx);
      return probeRay(volume, camera, { widthPx, heightPx }, xPx, yPx);
    },
    cut: () => (state.projection === "mpr" ? cut() : undefined),
    settled: loop.settled,
    destroy,
    [dispose]: destroy,
  };
}

/** Parts of a state are plain data, so that equal ones read the same. */
function changedParts(before: ViewState, after: ViewState): (keyof ViewState)[] {
  const names = Object.keys(after) as (keyof ViewState)[];
  return names.filter(
    (name) => before[name] !== after[name] && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

/** Parts of a state that a projection does not show. */
const unseen: Readonly<Record<ViewState["projection"], readonly (keyof ViewState)[]>> = {
  mpr: ["camera", "slab", "clip", "cut", "transfer", "shading"],
  mip: ["mpr", "transfer", "shading"],
  minip: ["mpr", "transfer", "shading"],
  average: ["mpr", "transfer", "shading"],
  dvr: ["mpr", "window"],
};

function negative([x, y, z]: Vec3): Vec3 {
  return [-x, -y, -z];
}

function aborted(message: string): DOMException {
  return new DOMException(message, "AbortError");
}
