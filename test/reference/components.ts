import type { Vec3 } from "../../src/core/grid.js";

/** Components by flood fill: the plain twin of the run kernels. Voxels are bytes, 0 or 1, z, y, x. */
export interface Components {
  /** Per voxel: the index of its component in order of first voxel, or -1. */
  readonly label: Int32Array;
  readonly components: readonly Component[];
}

export interface Component {
  readonly first: number;
  readonly voxels: number;
  /** Touches the first or last column or row. */
  readonly frame: boolean;
  /** Touches the first or last slice. */
  readonly ends: boolean;
}

/** `neighbors`: 4 or 8 within slices, 6, 18 or 26 in the volume. */
export function floodComponents(voxels: Uint8Array, size: Vec3, neighbors: 4 | 8 | 6 | 18 | 26): Components {
  const label = new Int32Array(voxels.length).fill(-1);
  const components: Component[] = [];
  const steps = neighborSteps(neighbors);
  for (let first = 0; first < voxels.length; first++) {
    if (voxels[first] && label[first] < 0) {
      components.push(flood(voxels, size, steps, first, label, components.length));
    }
  }
  return { label, components };
}

function flood(
  voxels: Uint8Array,
  [nx, ny, nz]: Vec3,
  steps: readonly Vec3[],
  first: number,
  label: Int32Array,
  name: number,
): Component {
  const open = [first];
  label[first] = name;
  let count = 0;
  let frame = false;
  let ends = false;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
    count++;
    frame ||= x === 0 || x === nx - 1 || y === 0 || y === ny - 1;
    ends ||= z === 0 || z === nz - 1;
    for (const [dx, dy, dz] of steps) {
      const [u, v, w] = [x + dx, y + dy, z + dz];
      if (u < 0 || u >= nx || v < 0 || v >= ny || w < 0 || w >= nz) continue;
      const next = (w * ny + v) * nx + u;
      if (!voxels[next] || label[next] >= 0) continue;
      label[next] = name;
      open.push(next);
    }
  }
  return { first, voxels: count, frame, ends };
}

function neighborSteps(neighbors: 4 | 8 | 6 | 18 | 26): Vec3[] {
  const axis = [-1, 0, 1];
  const all = axis.flatMap((dz) => axis.flatMap((dy) => axis.map((dx): Vec3 => [dx, dy, dz])));
  const farthest = { 4: 1, 8: 2, 6: 1, 18: 2, 26: 3 }[neighbors];
  const inVolume = neighbors !== 4 && neighbors !== 8;
  return all.filter(([dx, dy, dz]) => {
    const axes = Math.abs(dx) + Math.abs(dy) + Math.abs(dz);
    return axes > 0 && axes <= farthest && (dz === 0 || inVolume);
  });
}

/** The voxels whose component is to be kept. */
export function keepComponents(
  { label, components }: Components,
  keep: (component: Component) => boolean,
): Uint8Array {
  const kept = components.map(keep);
  return Uint8Array.from(label, (name) => (name >= 0 && kept[name] ? 1 : 0));
}
