import type { Vec3 } from "../../src/core/grid.js";
import type { Neighbors } from "../../src/ops/mask/runs.js";
import { floodComponents } from "./components.js";

/** The components with less than `shareBelow` of the voxels of `whole` in `part`. */
export function keepVoxelsByShare(
  mask: Uint8Array,
  size: Vec3,
  neighbors: Neighbors,
  { part, whole, shareBelow }: { part: Uint8Array; whole: Uint8Array; shareBelow: number },
): Uint8Array {
  const { label } = floodComponents(mask, size, neighbors);
  const parts = new Map<number, number>();
  const wholes = new Map<number, number>();
  label.forEach((name, i) => {
    parts.set(name, (parts.get(name) ?? 0) + part[i]);
    wholes.set(name, (wholes.get(name) ?? 0) + whole[i]);
  });
  return Uint8Array.from(label, (name) =>
    name >= 0 && (parts.get(name) ?? 0) < shareBelow * (wholes.get(name) ?? 0) ? 1 : 0,
  );
}
