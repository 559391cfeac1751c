import type { Vec3 } from "../../core/grid.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { type MprSlice, mprSliceOf } from "../mpr/mpr_slice.js";
import { mmPerPixel } from "../state/camera.js";
import { type EdgeLetters, edgeLetters, lettersOfEdges } from "../state/orientation.js";
import type { ViewState } from "../state/view_state.js";
import type { Probe } from "./probe.js";

/** A picture's size in device pixels. */
export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Where the picture of an MPR lies in the patient; undefined for other projections. */
export function shownSlice(
  { grid }: CtVolume,
  { projection, mpr }: ViewState,
  { widthPx, heightPx }: PictureSize,
): MprSlice | undefined {
  return projection === "mpr" ? mprSliceOf(grid, mpr, widthPx, heightPx) : undefined;
}

/** What of the patient each edge of the picture shows. */
export function edgesShown(volume: CtVolume, state: ViewState, size: PictureSize): EdgeLetters {
  const slice = shownSlice(volume, state, size);
  return slice ? lettersOfEdges(slice.axes.right, negative(slice.axes.down)) : edgeLetters(state.camera);
}

/** Millimeters that a pixel of the picture spans. */
export function pixelSpanMm(volume: CtVolume, state: ViewState, size: PictureSize): number {
  const slice = shownSlice(volume, state, size);
  return slice ? slice.mmPerPixel : mmPerPixel(state.camera, volume.grid, size.widthPx, size.heightPx);
}

/**
 * Reads what is seen at a pixel from the volume of record, for the state and size at the time of the call.
 * `check` throws where the view has ended meanwhile.
 */
export async function probePicture(
  volume: CtVolume,
  state: ViewState,
  { widthPx, heightPx }: PictureSize,
  [xPx, yPx]: readonly [number, number],
  check: () => void,
): Promise<Probe | undefined> {
  const slice = shownSlice(volume, state, { widthPx, heightPx });
  // Loaded with the first question.
  const { probeMpr, probeRay } = await import("./probe.js");
  check();
  const probe = slice
    ? probeMpr(volume, slice, state.mpr, xPx, yPx)
    : probeRay(volume, state.camera, { widthPx, heightPx }, xPx, yPx);
  return probe.catch((error) => {
    check();
    throw error;
  });
}

function negative([x, y, z]: Vec3): Vec3 {
  return [-x, -y, -z];
}
