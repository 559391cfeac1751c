import { type Grid, isGrid, type Vec3 } from "../../core/grid.js";
import { checkArgument, invalidOption, type Rule } from "../../core/options.js";
import { finite, vector } from "../../core/rules.js";
import type { Camera } from "./camera.js";
import { checkCamera } from "./camera.js";

/**
 * What the functions on points, planes and cameras ask of what a caller gives them. All throw
 * `invalid-option`.
 */
export function checkGridGiven(of: string, grid: Grid): void {
  if (!isGrid(grid)) throw invalidOption(of, "grid", grid, "a grid, such as volume.grid");
}

export function checkPoint(of: string, mm: Vec3, name = "mm"): void {
  checkArgument(of, name, mm, vector);
}

export function checkNumbers(of: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) checkArgument(of, name, value, finite);
}

export function checkCameraGiven(of: string, camera: Camera): void {
  checkArgument(of, "camera", camera, cameraRule);
  checkCamera(camera);
}

const cameraRule: Rule = (value) => {
  const { panMm } = (value ?? {}) as Partial<Camera>;
  return Array.isArray(panMm) ? undefined : "a camera, such as view.state.camera";
};
