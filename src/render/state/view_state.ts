import { changed, type PartOf } from "../../core/part_of.js";
import { anteriorCamera, type Camera, checkCamera } from "./camera.js";
import { type Clip, checkClip, checkSlab, type ViewSlab } from "./clip.js";
import { areFinite, isWithin, refused } from "./fail.js";
import { checkCuts, type MaskCut } from "./mask_clip.js";
import { checkMpr, type MprState } from "./mpr_state.js";
import { type Overlay, type OverlayChange, resolveOverlays } from "./overlays.js";
import { checkShading, type Shading, usualShading } from "./shading.js";
import { resolveTransfer, type TransferFunction } from "./transfer.js";
import type { TransferPreset } from "./transfer_presets.js";
import { type CtWindow, resolveWindow, type WindowPreset } from "./window_presets.js";

/** Projections along rays through the volume. */
export type RayProjection = "mip" | "minip" | "average" | "dvr";
export const rayProjections: readonly RayProjection[] = ["mip", "minip", "average", "dvr"];
/** How a view shows its volume: a projection along rays, or a cut. */
export type ViewProjection = RayProjection | "mpr";

/** All that a picture depends on beside the volume and its size: plain data, made to be stored and sent. */
export interface ViewState {
  /**
   * "mip", "minip", "average": the greatest, least or mean HU along each ray; "dvr": volume rendering, of
   * colored, translucent and lit material as `transfer` has it; "mpr": a cut.
   */
  readonly projection: ViewProjection;
  readonly window: CtWindow;
  readonly camera: Camera;
  readonly mpr: MprState;
  /** Masks shown over the volume, the last on top. */
  readonly overlays: readonly Overlay[];
  /** Of the volume, what rays see: null for all of it. */
  readonly slab: ViewSlab | null;
  readonly clip: Clip;
  /** Masks that hide or dim what is outside them, for rays. */
  readonly cut: readonly MaskCut[];
  /** Of volume rendering. */
  readonly transfer: TransferFunction;
  readonly shading: Shading;
  /** Shown beside the volume: red, green and blue, 0..1. */
  readonly background: readonly [number, number, number];
}

/** What of a state to change; the rest stays. */
export interface ViewChange {
  readonly projection?: ViewProjection;
  readonly window?: WindowPreset | CtWindow;
  readonly camera?: PartOf<Camera>;
  readonly mpr?: PartOf<MprState>;
  /** All of them: those that are not named are taken away. */
  readonly overlays?: readonly OverlayChange[];
  readonly slab?: ViewSlab | null;
  /** As a whole: `{}` for none. */
  readonly clip?: Clip;
  /** All of them. */
  readonly cut?: readonly MaskCut[];
  /** A preset's name, or the function itself. */
  readonly transfer?: TransferPreset | TransferFunction;
  readonly shading?: PartOf<Shading>;
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
  slab: null,
  clip: {},
  cut: [],
  transfer: resolveTransfer("bone"),
  shading: usualShading,
  background: [0, 0, 0],
};

/**
 * The state after a change.
 * @throws HounsfieldError `invalid-option`
 */
export function changeState(state: ViewState, change: ViewChange): ViewState {
  const projection = change.projection ?? state.projection;
  const projections: readonly string[] = [...rayProjections, "mpr"];
  if (!projections.includes(projection)) throw refused("projection", projection, projections.join(", "));
  const camera = change.camera ? changed(state.camera, change.camera) : state.camera;
  checkCamera(camera);
  const mpr = change.mpr ? changed(state.mpr, change.mpr) : state.mpr;
  checkMpr(mpr);
  const { slab = state.slab, clip = state.clip, cut = state.cut } = change;
  checkSlab(slab);
  checkClip(clip);
  checkCuts(cut);
  const shading = change.shading ? changed(state.shading, change.shading) : state.shading;
  checkShading(shading);
  const { background = state.background } = change;
  if (!areFinite(background, 3) || !background.every((part) => isWithin(part, 0, 1)))
    throw refused("background", background, "red, green and blue of 0..1");
  return {
    projection,
    window: change.window === undefined ? state.window : resolveWindow(change.window),
    camera,
    mpr,
    overlays: change.overlays ? resolveOverlays(change.overlays) : state.overlays,
    slab,
    clip,
    cut,
    transfer: change.transfer === undefined ? state.transfer : resolveTransfer(change.transfer),
    shading,
    background,
  };
}
