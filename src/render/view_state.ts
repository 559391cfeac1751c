import { HounsfieldError } from "../core/errors.js";
import { anteriorCamera, type Camera, checkCamera } from "./camera.js";
import { checkMpr, type MprState } from "./mpr/mpr_state.js";
import { type Overlay, type OverlayChange, resolveOverlays } from "./overlays.js";
import { type CtWindow, resolveWindow, type WindowPreset } from "./window_presets.js";

export type RayProjection = "mip";
export type ViewProjection = RayProjection | "mpr";

/** All that a picture depends on beside the volume and its size: plain data, made to be stored and sent. */
export interface ViewState {
  /** "mip": the greatest HU along each ray. */
  readonly projection: ViewProjection;
  readonly window: CtWindow;
  readonly camera: Camera;
  readonly mpr: MprState;
  /** Masks shown over the volume, the last on top. */
  readonly overlays: readonly Overlay[];
  /** Shown beside the volume: red, green and blue, 0..1. */
  readonly background: readonly [number, number, number];
}

/** What of a state to change; the rest stays. */
export interface ViewChange {
  readonly projection?: ViewProjection;
  readonly window?: WindowPreset | CtWindow;
  readonly camera?: Partial<Camera>;
  readonly mpr?: Partial<MprState>;
  /** All of them: those that are not named are taken away. */
  readonly overlays?: readonly OverlayChange[];
  readonly background?: readonly [number, number, number];
}

export const defaultViewState: ViewState = {
  projection: "mip",
  window: resolveWindow("full"),
  camera: anteriorCamera,
  mpr: {
    plane: "axial",
    pointMm: [0, 0, 0],
    interpolation: "linear",
    slabMm: 0,
    slabKind: "maximum",
    zoom: 1,
    panMm: [0, 0],
  },
  overlays: [],
  background: [0, 0, 0],
};

/** The state after a change. Throws `invalid-option`. */
export function changeState(state: ViewState, change: ViewChange): ViewState {
  const projection = change.projection ?? state.projection;
  if (projection !== "mip" && projection !== "mpr") {
    throw new HounsfieldError("invalid-option", `projection: got "${projection}", accepted mip`, {
      got: projection,
      accepted: ["mip"],
    });
  }
  const camera = change.camera ? { ...state.camera, ...change.camera } : state.camera;
  checkCamera(camera);
  const mpr = change.mpr ? { ...state.mpr, ...change.mpr } : state.mpr;
  checkMpr(mpr);
  return {
    projection,
    window: change.window === undefined ? state.window : resolveWindow(change.window),
    camera,
    mpr,
    overlays: change.overlays ? resolveOverlays(change.overlays) : state.overlays,
    background: change.background ?? state.background,
  };
}
