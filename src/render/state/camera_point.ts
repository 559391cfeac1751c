import type { Grid, Vec3 } from "../../core/grid.js";
import { type Camera, cameraAxes, eyeDistanceMm, mmPerPixel } from "./camera.js";
import { checkCameraGiven, checkGridGiven, checkNumbers, checkPoint } from "./check_geometry.js";
import type { ViewSlab } from "./clip.js";
import { centerMm, combine, dot } from "./plane.js";

/**
 * Where a camera sees a position (mm, LPS), in pixels from the picture's top left corner; undefined behind
 * the eye.
 */
export function pixelOfCamera(
  camera: Camera,
  grid: Grid,
  widthPx: number,
  heightPx: number,
  mm: Vec3,
): { readonly xPx: number; readonly yPx: number } | undefined {
  checkCameraGiven("pixelOfCamera", camera);
  checkGridGiven("pixelOfCamera", grid);
  checkNumbers("pixelOfCamera", { widthPx, heightPx });
  checkPoint("pixelOfCamera", mm);
  const { right, up } = cameraAxes(camera);
  const from = combine([1, -1], [mm, centerMm(grid)]);
  const eyeMm = eyeDistanceMm(camera, grid, widthPx, heightPx);
  // The plane through the volume's center keeps its scale; what lies behind it is smaller.
  const nearness = eyeMm === 0 ? 1 : eyeMm / (eyeMm + depthMm(camera, grid, mm));
  if (!(nearness > 0 && Number.isFinite(nearness))) return undefined;
  const pixels = nearness / mmPerPixel(camera, grid, widthPx, heightPx);
  const [panRight, panUp] = camera.panMm;
  return {
    xPx: widthPx / 2 + (dot(right, from) - panRight) * pixels,
    yPx: heightPx / 2 - (dot(up, from) - panUp) * pixels,
  };
}

/**
 * The slab of a thickness that faces a camera and has a position (mm, LPS) in its middle: the crosshair, for
 * instance.
 */
export function slabThrough(grid: Grid, camera: Camera, mm: Vec3, thicknessMm: number): ViewSlab {
  checkGridGiven("slabThrough", grid);
  checkCameraGiven("slabThrough", camera);
  checkPoint("slabThrough", mm);
  checkNumbers("slabThrough", { thicknessMm });
  return { centerMm: depthMm(camera, grid, mm), thicknessMm };
}

/** How far behind the plane through the volume's center a position is seen. */
function depthMm(camera: Camera, grid: Grid, mm: Vec3): number {
  return dot(cameraAxes(camera).forward, combine([1, -1], [mm, centerMm(grid)]));
}
