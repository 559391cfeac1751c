import { HounsfieldError } from "../core/errors.js";
import { anteriorCamera, type Camera, checkCamera } from "./camera.js";
import { type CtWindow, resolveWindow, type WindowPreset } from "./window_presets.js";

export type ViewProjection = "mip";

/** All that a picture depends on beside the volume and its size: plain data, made to be stored and sent. */
export interface ViewState {
  /** "mip": the greatest HU along each ray. */
  readonly projection: ViewProjection;
  readonly window: CtWindow;
  readonly camera: Camera;
  /** Shown beside the volume: red, green and blue, 0..1. */
  readonly background: readonly [number, number, number];
}

/** What of a state to change; the rest stays. */
export interface ViewChange {
  readonly projection?: ViewProjection;
  readonly window?: WindowPreset | CtWindow;
  readonly camera?: Partial<Camera>;
  readonly background?: readonly [number, number, number];
}

export const defaultViewState: ViewState = {
  projection: "mip",
  window: resolveWindow("full"),
  camera: anteriorCamera,
  background: [0, 0, 0],
};

/** The state after a change. Throws `invalid-option`. */
export function changeState(state: ViewState, change: ViewChange): ViewState {
  const projection = change.projection ?? state.projection;
  if (projection !== "mip") {
    throw new HounsfieldError("invalid-option", `projection: got "${projection}", accepted mip`, {
      got: projection,
      accepted: ["mip"],
    });
  }
  const camera = change.camera ? { ...state.camera, ...change.camera } : state.camera;
  checkCamera(camera);
  return {
    projection,
    window: change.window === undefined ? state.window : resolveWindow(change.window),
    camera,
    background: change.background ?? state.background,
  };
}
