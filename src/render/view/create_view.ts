import { dispose } from "../../core/dispose.js";
import { invalidOption } from "../../core/options.js";
import { checkOpenVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { fileWindow } from "../../volume/file_window.js";
import { initialState } from "../state/initial_state.js";
import { defaultViewState } from "../state/view_state.js";
import { gpuEngineOf } from "../texture/gpu_engine_of.js";
import { checkMasks } from "./check_given.js";
import { edgesShown, pixelSpanMm, probePicture, shownSlice } from "./picture_geometry.js";
import type { View, ViewOptions } from "./view.js";
import { ViewOwner } from "./view_owner.js";

/**
 * Shows a volume, also while it is loaded. The canvas's pixels follow its CSS size, in whichever window it
 * is; until it has a size nothing is drawn. On a slow adapter a rough picture comes at once and is refined at
 * rest. MPR begins in the middle of the volume unless told. An earlier view on the canvas ends.
 * @throws HounsfieldError `invalid-option`, `destroyed`, and `no-gpu` for a volume of an engine that does not
 * draw; what goes wrong later reaches `ready` and the "error" event, or the global `reportError` where nobody
 * listens to that
 */
export function createView(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  volume: CtVolume,
  options: ViewOptions = {},
): View {
  checkOpenVolume("createView", volume);
  const engine = gpuEngineOf(volume.engine);
  if (typeof options !== "object" || options === null)
    throw invalidOption("createView", "options", options, "an object");
  const { masks, ...change } = options;
  checkMasks("createView", masks);
  const state = initialState(volume.grid, change, fileWindow(volume));
  const owner = new ViewOwner(canvas, volume, engine, state, masks);
  if (state.window === defaultViewState.window && volume.values.units !== "HU") findWindow(owner);
  return viewOf(owner);
}

/**
 * An object of its own, whose methods may be handed on alone: frameworks wrap what they keep in proxies,
 * which have no private fields.
 */
function viewOf(owner: ViewOwner): View {
  const { volume, surface } = owner;
  const throwIfEnded = () => owner.throwIfEnded();
  const destroy = () => owner.destroy();
  return {
    volume,
    get state() {
      return owner.state;
    },
    get downsampling() {
      return owner.downsampling;
    },
    ready: owner.ready,
    get ended() {
      return owner.phase !== "live";
    },
    set: (change) => owner.set(change),
    setMasks: (masks) => owner.setMasks(masks),
    on: owner.events.on,
    get widthPx() {
      return surface.widthPx;
    },
    get heightPx() {
      return surface.heightPx;
    },
    resize(widthPx, heightPx) {
      for (const [name, value] of Object.entries({ widthPx, heightPx }))
        if (!(Number.isFinite(value) && value >= 0)) throw invalidOption("resize", name, value, "0 or more");
      if (owner.phase === "live") surface.resize(widthPx, heightPx);
    },
    edgeLetters: () => edgesShown(volume, owner.state, surface),
    mmPerPixel: () => pixelSpanMm(volume, owner.state, surface),
    mprSlice: () => shownSlice(volume, owner.state, surface),
    async probe(xPx, yPx) {
      throwIfEnded();
      for (const [name, value] of Object.entries({ xPx, yPx }))
        if (!Number.isFinite(value)) throw invalidOption("probe", name, value, "a finite number");
      return probePicture(volume, owner.state, surface, [xPx, yPx], throwIfEnded);
    },
    settled: () => owner.settled(),
    destroy,
    [dispose]: destroy,
  };
}

/**
 * Of other units nothing is known beforehand: once the values are there, their own range, unless somebody
 * chose a window meanwhile.
 */
async function findWindow(owner: ViewOwner): Promise<void> {
  const { volume, state } = owner;
  try {
    await owner.settled();
    const { usualWindow } = await import("./usual_window.js");
    owner.throwIfEnded();
    const window = await usualWindow(volume, { signal: volume.lifetime });
    if (owner.state.window === state.window) owner.set({ window });
  } catch {
    // The view's end, of which it tells by itself.
  }
}
