import type { Vec3 } from "../../src/core/grid.js";
import type { ViewState } from "../../src/render/state/view_state.js";
import type { RaySample, ReferenceScene } from "./ray_cast.js";
import { alongAxes, gradient } from "./sampling.js";
import type { RayFrame } from "./view_rays.js";

// Emission and absorption along a ray in f64, from first principles: no code shared with src/render.

type Color = readonly number[];

/**
 * A ray's color over the background, 0..1 and above where highlights are. Once 0.99 of the light is taken, no
 * more is.
 */
export function renderRay(
  scene: ReferenceScene,
  state: ViewState,
  samples: Iterable<RaySample>,
  toward: Vec3,
  frame: RayFrame,
): number[] {
  const { grid, voxels, masks = {}, stepMm } = scene;
  const { transfer, shading, background } = state;
  let color: Color = [0, 0, 0];
  let through = 1;
  const add = (own: Color, opacity: number) => {
    color = color.map((part, c) => part + through * opacity * own[c]);
    through *= 1 - opacity;
  };
  const light = (own: Color, slope: Vec3, strength: number) =>
    shading.on ? mixed(own, lit(own, slope, lighting(scene, frame, toward), shading), strength) : own;
  let before: readonly string[] = [];
  for (const { index, hu, weight, overlays } of samples) {
    // The edges of labels are surfaces; of those at one place the last overlay's is on top.
    for (const { mask, color: own, opacity } of state.overlays.toReversed()) {
      if (before.includes(mask) === overlays.includes(mask)) continue;
      add(light(own, gradient(grid, masks[mask], index), 1), opacity);
    }
    before = overlays;
    const opacityPerMm =
      weight > 0 ? piecewise(transfer.points, "hu", ({ opacityPerMm }) => opacityPerMm, hu) : 0;
    if (opacityPerMm > 0) {
      const own = [0, 1, 2].map((c) => piecewise(transfer.points, "hu", (point) => point.color[c], hu));
      const slope = gradient(grid, voxels, index);
      const steep = Math.hypot(...slope);
      const factor = piecewise(
        transfer.gradientOpacity ?? [],
        "gradientHuPerMm",
        (point) => point.factor,
        steep,
        1,
      );
      const opacity = (1 - (1 - opacityPerMm) ** stepMm) * weight * factor;
      // Noise of even tissue is no surface.
      add(light(own, slope, Math.min(1, steep / 40)), opacity);
    }
    if (through <= 0.01) break;
  }
  return color.map((part, c) => part + through * background[c]);
}

interface Lighting {
  readonly toViewer: Vec3;
  readonly toLamp: Vec3;
}

/** The lamp is at the viewer's upper left, half as far up and half as far left as towards the viewer. */
function lighting({ grid }: ReferenceScene, { right, up, away }: RayFrame, toward: Vec3): Lighting {
  const toLamp = away.map((part, i) => -part + 0.5 * up[i] - 0.5 * right[i]);
  return {
    toViewer: unit(alongAxes(grid, negative(toward))),
    toLamp: unit(alongAxes(grid, [toLamp[0], toLamp[1], toLamp[2]])),
  };
}

/** Blinn: Models of light reflection for computer synthesized pictures, 1977; of the side that is seen. */
function lit(own: Color, slope: Vec3, { toViewer, toLamp }: Lighting, shading: ViewState["shading"]): Color {
  if (Math.hypot(...slope) === 0) return own;
  const away = unit(slope);
  const normal = dot(away, toViewer) < 0 ? negative(away) : away;
  const halfway = unit([toViewer[0] + toLamp[0], toViewer[1] + toLamp[1], toViewer[2] + toLamp[2]]);
  const diffuse = shading.ambient + shading.diffuse * Math.max(0, dot(normal, toLamp));
  const highlight = shading.specular * Math.max(0, dot(normal, halfway)) ** shading.shininess;
  return own.map((part) => part * diffuse + highlight);
}

function mixed(a: Color, b: Color, share: number): Color {
  return a.map((part, c) => part * (1 - share) + b[c] * share);
}

/** Linear between points, constant beyond their ends. */
function piecewise<P extends Readonly<Record<K, number>>, K extends string>(
  points: readonly P[],
  place: K,
  value: (point: P) => number,
  at: number,
  none = 0,
): number {
  if (points.length === 0) return none;
  const after = points.findIndex((point) => point[place] > at);
  if (after === 0) return value(points[0]);
  if (after < 0) return value(points[points.length - 1]);
  const [from, to] = [points[after - 1], points[after]];
  const share = (at - from[place]) / (to[place] - from[place]);
  return value(from) * (1 - share) + value(to) * share;
}

function unit([x, y, z]: Vec3): Vec3 {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

function negative([x, y, z]: Vec3): Vec3 {
  return [-x, -y, -z];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
