import { HounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";

/**
 * Where a volume is looked at from: a camera that turns round the volume's center. Plain data. Azimuth 0 is
 * the anterior view, as radiographs are read: the patient's right at the picture's left, the head up.
 */
export interface Camera {
  /**
   * Round the head-foot axis, in degrees: 0 from the front, 90 from the patient's left, 180 from the back,
   * 270 from the right.
   */
  readonly azimuthDeg: number;
  /** Above the axial plane, in degrees, -90..90: 90 looks down from the head. */
  readonly elevationDeg: number;
  /** Turns the picture clockwise, in degrees. */
  readonly rollDeg: number;
  /**
   * Vertical field of view in degrees, up to 120; 0 for parallel rays. The plane through the volume's center
   * keeps its scale.
   */
  readonly perspectiveDeg: number;
  /** 1 makes the volume's longest edge nine tenths of the smaller side of the picture: some room to turn. */
  readonly zoom: number;
  /** Point shown in the middle of the picture: mm to the right and up from the volume's center. */
  readonly panMm: readonly [number, number];
}

export const anteriorCamera: Camera = {
  azimuthDeg: 0,
  elevationDeg: 0,
  rollDeg: 0,
  perspectiveDeg: 0,
  zoom: 1,
  panMm: [0, 0],
};

/** Wider ones distort beyond use. */
const WIDEST_DEG = 120;

const FITTED_PART = 0.9;

/** Unit vectors in LPS: the picture's right and up, and away from the viewer. */
export interface CameraAxes {
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
}

export function cameraAxes({ azimuthDeg, elevationDeg, rollDeg }: Camera): CameraAxes {
  const [sinA, cosA] = sinCos(azimuthDeg);
  const [sinE, cosE] = sinCos(elevationDeg);
  const [sinR, cosR] = sinCos(rollDeg);
  const level: Vec3 = [cosA, sinA, 0];
  const upright: Vec3 = [-sinA * sinE, cosA * sinE, cosE];
  const turned = (c: number, s: number): Vec3 => [
    c * level[0] + s * upright[0],
    c * level[1] + s * upright[1],
    c * level[2] + s * upright[2],
  ];
  return {
    right: turned(cosR, sinR),
    up: turned(-sinR, cosR),
    forward: [-sinA * cosE, cosA * cosE, -sinE],
  };
}

/** Millimeters that one pixel of a picture spans. */
export function mmPerPixel(camera: Camera, grid: Grid, widthPx: number, heightPx: number): number {
  const longestMm = Math.max(...grid.size.map((count, axis) => count * grid.spacingMm[axis]));
  return longestMm / (FITTED_PART * Math.min(widthPx, heightPx) * camera.zoom);
}

/** How far in front of the plane through the volume's center the eye is, in mm; 0 for parallel rays. */
export function eyeDistanceMm(camera: Camera, grid: Grid, widthPx: number, heightPx: number): number {
  if (camera.perspectiveDeg === 0) return 0;
  const halfHeightMm = (heightPx / 2) * mmPerPixel(camera, grid, widthPx, heightPx);
  return halfHeightMm / Math.tan((camera.perspectiveDeg * Math.PI) / 360);
}

/**
 * The camera after a drag by (dx, dy) pixels to the right and down, half a degree a pixel: what is in front
 * follows the pointer.
 */
export function turnCamera(camera: Camera, dx: number, dy: number): Camera {
  const [sinR, cosR] = sinCos(camera.rollDeg);
  const along = cosR * dx + sinR * dy;
  const across = cosR * dy - sinR * dx;
  const azimuthDeg = (((camera.azimuthDeg - along / 2) % 360) + 360) % 360;
  const elevationDeg = Math.min(90, Math.max(-90, camera.elevationDeg + across / 2));
  return { ...camera, azimuthDeg, elevationDeg };
}

/** @throws HounsfieldError `invalid-option` for what no picture can be made of */
export function checkCamera(camera: Camera): void {
  const { azimuthDeg, elevationDeg, rollDeg, perspectiveDeg, zoom, panMm } = camera;
  const fail = (what: string, got: unknown, accepted: string) => {
    throw new HounsfieldError("invalid-option", `camera ${what}: got ${got}, accepted ${accepted}`, {
      got,
      accepted,
    });
  };
  if (!Number.isFinite(azimuthDeg)) fail("azimuthDeg", azimuthDeg, "a finite number");
  if (!(Math.abs(elevationDeg) <= 90)) fail("elevationDeg", elevationDeg, "-90..90");
  if (!Number.isFinite(rollDeg)) fail("rollDeg", rollDeg, "a finite number");
  if (!(perspectiveDeg === 0 || (perspectiveDeg >= 1 && perspectiveDeg <= WIDEST_DEG)))
    fail("perspectiveDeg", perspectiveDeg, `0, or 1..${WIDEST_DEG}`);
  if (!(zoom > 0 && zoom < Number.POSITIVE_INFINITY)) fail("zoom", zoom, "a finite number above 0");
  if (!panMm.every(Number.isFinite)) fail("panMm", panMm, "two finite numbers");
}

function sinCos(degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [Math.sin(radians), Math.cos(radians)];
}
