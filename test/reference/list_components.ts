import type { Vec3 } from "../../src/core/grid.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import { floodComponents } from "./components.js";

export interface DescribedVoxels {
  readonly voxels: number;
  readonly minimum: Vec3;
  readonly maximum: Vec3;
  /** Sums of voxel indices along x, y, z. */
  readonly sums: readonly bigint[];
}

/** All components, largest first, and per voxel its place in that list from 1, or 0. */
export function describeVoxels(voxels: Uint8Array, [nx, ny, nz]: Vec3, neighbors: Neighbors) {
  const { label, components } = floodComponents(voxels, [nx, ny, nz], neighbors);
  const order = components
    .map((_, i) => i)
    .sort((a, b) => components[b].voxels - components[a].voxels || a - b);
  const found = components.map(({ voxels: count }) => ({
    voxels: count,
    minimum: [nx, ny, nz],
    maximum: [0, 0, 0],
    sums: [0n, 0n, 0n],
  }));
  label.forEach((name, i) => {
    if (name < 0) return;
    [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)].forEach((at, axis) => {
      found[name].minimum[axis] = Math.min(found[name].minimum[axis], at);
      found[name].maximum[axis] = Math.max(found[name].maximum[axis], at);
      found[name].sums[axis] += BigInt(at);
    });
  });
  const place = order.reduce((places, name, i) => places.set(name, i + 1), new Map<number, number>());
  return {
    listed: order.map((name) => found[name]),
    places: Array.from(label, (name) => place.get(name) ?? 0),
  };
}
