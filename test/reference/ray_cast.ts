import type { Grid, Vec3 } from "../../src/core/grid.js";
import type { ViewState } from "../../src/render/state/view_state.js";
import { overlaid } from "./overlay.js";
import { trilinear } from "./sampling.js";
import { type RayFrame, rayFrame, samplesOf, viewRay } from "./view_rays.js";
import { renderRay } from "./volume_rendering.js";

// Pictures of a state, sample by sample, in f64, from first principles: no code shared with src/render.

export interface ReferenceScene {
  readonly grid: Grid;
  readonly voxels: Int16Array;
  /** 0 or 1 a voxel, by the names that states know them by. */
  readonly masks?: Readonly<Record<string, Uint8Array>>;
  readonly stepMm: number;
}

export interface RaySample {
  /** Fractional voxels. */
  readonly index: Vec3;
  readonly hu: number;
  /** 1; a fifth outside all masks that dim; 0 outside all masks that hide. */
  readonly weight: number;
  /** Masks of the state's overlays that it is in. */
  readonly overlays: readonly string[];
}

type Samples = Iterable<RaySample>;

const AIR_HU = -1024;

/** Red, green and blue of each pixel, 0..255, top row first. */
export function rayCast(scene: ReferenceScene, state: ViewState, width: number, height: number): number[][] {
  const met: Set<string>[] = [];
  const under = castRays(scene, state, width, height, (samples, toward, frame) => {
    const names = new Set<string>();
    met.push(names);
    const noted = noting(samples, names);
    const color =
      state.projection === "dvr"
        ? renderRay(scene, state, noted, toward, frame)
        : windowed(combined(state, noted), state);
    return color.map((part) => 255 * Math.min(1, Math.max(0, part)));
  });
  const labels = state.overlays.map(({ mask, color, opacity, outline }) => ({
    inside: Uint8Array.from(met, (names) => (names.has(mask) ? 1 : 0)),
    color,
    // Volume rendering has the insides in its rays.
    opacity: state.projection === "dvr" ? 0 : opacity,
    outline,
  }));
  return overlaid(under, width, height, labels);
}

/** HU of each pixel of a projection, before any window; undefined where nothing is. */
export function rayHu(
  scene: ReferenceScene,
  state: ViewState,
  width: number,
  height: number,
): (number | undefined)[] {
  return castRays(scene, state, width, height, (samples) => combined(state, samples));
}

function castRays<T>(
  scene: ReferenceScene,
  state: ViewState,
  width: number,
  height: number,
  gather: (samples: Samples, toward: Vec3, frame: RayFrame) => T,
): T[] {
  const { grid, stepMm } = scene;
  const frame = rayFrame(grid, state, width, height);
  return Array.from({ length: width * height }, (_, i) => {
    const ray = viewRay(frame, state, i % width, Math.floor(i / width), width, height);
    const places = samplesOf(grid, frame, state, ray, stepMm);
    return gather(looked(scene, state, places), ray.toward, frame);
  });
}

function* looked({ grid, voxels, masks = {} }: ReferenceScene, state: ViewState, places: Iterable<Vec3>) {
  const maskOf = ({ mask }: { readonly mask: string }) => masks[mask];
  const hiding = state.cut.filter(({ outside }) => outside === "hide").map(maskOf);
  const dimming = state.cut.filter(({ outside }) => outside === "dim").map(maskOf);
  for (const index of places) {
    const isIn = (mask: Uint8Array) => trilinear(grid, mask, index) >= 0.5;
    if (hiding.length > 0 && !hiding.some(isIn)) {
      yield { index, hu: AIR_HU, weight: 0, overlays: [] };
      continue;
    }
    const weight = dimming.length > 0 && !dimming.some(isIn) ? 0.2 : 1;
    const overlays = state.overlays.filter((overlay) => isIn(maskOf(overlay))).map(({ mask }) => mask);
    yield { index, hu: trilinear(grid, voxels, index), weight, overlays };
  }
}

function* noting(samples: Samples, names: Set<string>): Samples {
  for (const sample of samples) {
    for (const name of sample.overlays) names.add(name);
    yield sample;
  }
}

function combined({ projection }: ViewState, samples: Samples): number | undefined {
  const seen = [...samples].filter(({ weight }) => weight > 0);
  if (projection === "minip") {
    const undimmed = seen.filter(({ weight }) => weight === 1);
    return undimmed.length === 0 ? undefined : Math.min(...undimmed.map(({ hu }) => hu));
  }
  if (seen.length === 0) return undefined;
  if (projection === "mip") return Math.max(...seen.map(({ hu, weight }) => AIR_HU + weight * (hu - AIR_HU)));
  const weights = seen.reduce((sum, { weight }) => sum + weight, 0);
  return seen.reduce((sum, { hu, weight }) => sum + weight * hu, 0) / weights;
}

function windowed(hu: number | undefined, { window, background }: ViewState): readonly number[] {
  if (hu === undefined) return background;
  const shade = (hu - window.centerHu) / window.widthHu + 0.5;
  return [shade, shade, shade];
}
