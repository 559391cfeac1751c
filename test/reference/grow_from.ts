import type { Vec3 } from "../../src/core/grid.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import { floodComponents } from "./components.js";

/** The components of `inside` that hold a set voxel of `seed`. */
export function growVoxels(
  seed: Uint8Array,
  inside: Uint8Array,
  size: Vec3,
  neighbors: Neighbors,
): Uint8Array {
  const { label } = floodComponents(inside, size, neighbors);
  const reached = new Set(label.filter((_, i) => seed[i] === 1));
  return Uint8Array.from(label, (name) => (name >= 0 && reached.has(name) ? 1 : 0));
}
