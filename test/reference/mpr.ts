import type { Grid, Vec3 } from "../../src/core/grid.js";

/** A cut as test/gpu/mpr.gpu.test.ts states it, from first principles: no code shared with src/render. */
export interface ReferenceCut {
  /** Unit vectors (LPS) to the picture's right and down, and away from the viewer. */
  readonly right: Vec3;
  readonly down: Vec3;
  readonly away: Vec3;
  /** A point of the middle plane, mm LPS. */
  readonly pointMm: Vec3;
  readonly zoom: number;
  /** To the right and up. */
  readonly panMm: readonly [number, number];
  readonly interpolation: "nearest" | "linear" | "cubic";
  readonly slabMm: number;
  readonly slabKind: "maximum" | "minimum" | "average";
  readonly width: number;
  readonly height: number;
}

/** HU of each pixel in f64, top row first; undefined beside the volume. */
export function referenceMpr(grid: Grid, voxels: Int16Array, cut: ReferenceCut): (number | undefined)[] {
  const axes = [0, 1, 2].map(
    (axis): Vec3 => [grid.direction[axis], grid.direction[3 + axis], grid.direction[6 + axis]],
  );
  const edges = axes.map(
    (axis, i) => axis.map((part) => part * grid.size[i] * grid.spacingMm[i]) as unknown as Vec3,
  );
  const extent = (to: Vec3) => edges.reduce((sum, edge) => sum + Math.abs(inner(edge, to)), 0);
  const pixelMm = Math.max(extent(cut.right) / cut.width, extent(cut.down) / cut.height) / cut.zoom;
  const center = [0, 1, 2].map(
    (row) =>
      grid.originMm[row] +
      axes.reduce((sum, axis, i) => sum + (axis[row] * grid.spacingMm[i] * (grid.size[i] - 1)) / 2, 0),
  );
  // How far apart voxels are along the normal, on the axis that it follows most.
  const apart = Math.min(...axes.map((axis, i) => grid.spacingMm[i] / Math.abs(inner(axis, cut.away))));
  const reach = Math.floor(cut.slabMm / 2 / (apart / 2) + 1e-9);
  const picture: (number | undefined)[] = [];
  for (let row = 0; row < cut.height; row++) {
    for (let column = 0; column < cut.width; column++) {
      const x = (column + 0.5 - cut.width / 2) * pixelMm + cut.panMm[0];
      const y = (row + 0.5 - cut.height / 2) * pixelMm - cut.panMm[1];
      const values: number[] = [];
      for (let i = -reach; i <= reach; i++) {
        const fromCenter = inner(cut.away, subtract(cut.pointMm, center)) + (i * apart) / 2;
        const mm = [0, 1, 2].map(
          (a) => center[a] + x * cut.right[a] + y * cut.down[a] + fromCenter * cut.away[a],
        );
        const offset = subtract(mm, grid.originMm);
        const hu = valueAt(
          grid,
          voxels,
          axes.map((axis, a) => inner(axis, offset) / grid.spacingMm[a]),
          cut.interpolation,
        );
        if (hu !== undefined) values.push(hu);
      }
      picture.push(values.length === 0 ? undefined : combined(values, cut.slabKind));
    }
  }
  return picture;
}

function combined(values: number[], kind: ReferenceCut["slabKind"]): number {
  if (kind === "maximum") return Math.max(...values);
  if (kind === "minimum") return Math.min(...values);
  return values.reduce((sum, hu) => sum + hu, 0) / values.length;
}

/** The volume reaches to the outer faces of its voxels; beyond the last centers the edge value goes on. */
function valueAt(grid: Grid, voxels: Int16Array, index: number[], interpolation: string): number | undefined {
  // A face is met by rounding: a billionth of a voxel beside it is still on it.
  if (index.some((value, axis) => value < -0.5 - 1e-9 || value > grid.size[axis] - 0.5 + 1e-9))
    return undefined;
  const taps = interpolation === "nearest" ? 1 : interpolation === "linear" ? 2 : 4;
  const perAxis = index.map((value) => tapsOf(value, taps));
  let sum = 0;
  for (const [x, wx] of perAxis[0]) {
    for (const [y, wy] of perAxis[1]) {
      for (const [z, wz] of perAxis[2]) sum += wx * wy * wz * held(grid, voxels, [x, y, z]);
    }
  }
  return sum;
}

function tapsOf(value: number, taps: number): [number, number][] {
  if (taps === 1) return [[Math.floor(value + 0.5), 1]];
  const base = Math.floor(value);
  const t = value - base;
  if (taps === 2)
    return [
      [base, 1 - t],
      [base + 1, t],
    ];
  // Catmull and Rom, 1974: a cubic convolution of parameter -1/2.
  const near = (d: number) => 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  const far = (d: number) => -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
  return [
    [base - 1, far(1 + t)],
    [base, near(t)],
    [base + 1, near(1 - t)],
    [base + 2, far(2 - t)],
  ];
}

function held({ size }: Grid, voxels: Int16Array, at: number[]): number {
  const [x, y, z] = at.map((value, axis) => Math.min(size[axis] - 1, Math.max(0, value)));
  return voxels[x + size[0] * (y + size[1] * z)];
}

function inner(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function subtract(a: readonly number[], b: readonly number[]): number[] {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}
