import type { Grid, Vec3 } from "../../src/core/grid.js";

/** A parallel view as test/gpu/render_mip.gpu.test.ts states it, from first principles: no code shared with src/render. */
export interface ReferenceView {
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  readonly zoom: number;
  readonly panMm: readonly [number, number];
  readonly width: number;
  readonly height: number;
  readonly stepMm: number;
}

/** Greatest trilinear HU along each ray, top row first, in f64; undefined where a ray takes no sample. */
export function rayMip(grid: Grid, voxels: Int16Array, view: ReferenceView): (number | undefined)[] {
  const turned = (v: Vec3): Vec3 => rotateZ(rotateX(v, -view.elevationDeg), view.azimuthDeg);
  const right = turned([1, 0, 0]);
  const up = turned([0, 0, 1]);
  const away = turned([0, 1, 0]);
  const edgesMm = grid.size.map((n, axis) => n * grid.spacingMm[axis]);
  const pixelMm = Math.max(...edgesMm) / (0.9 * view.zoom * Math.min(view.width, view.height));
  const reach = Math.ceil(Math.hypot(...edgesMm) / view.stepMm);
  const picture: (number | undefined)[] = [];
  for (let row = 0; row < view.height; row++) {
    for (let column = 0; column < view.width; column++) {
      const x = (column + 0.5 - view.width / 2) * pixelMm + view.panMm[0];
      const y = (view.height / 2 - row - 0.5) * pixelMm + view.panMm[1];
      let greatest: number | undefined;
      for (let i = -reach; i <= reach; i++) {
        const d = i * view.stepMm;
        const fromCenter: Vec3 = [0, 1, 2].map((a) => x * right[a] + y * up[a] + d * away[a]) as [
          number,
          number,
          number,
        ];
        const hu = trilinear(grid, voxels, voxelIndex(grid, fromCenter));
        if (hu !== undefined && (greatest === undefined || hu > greatest)) greatest = hu;
      }
      picture.push(greatest);
    }
  }
  return picture;
}

function rotateX([x, y, z]: Vec3, degrees: number): Vec3 {
  const [s, c] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return [x, c * y - s * z, s * y + c * z];
}

function rotateZ([x, y, z]: Vec3, degrees: number): Vec3 {
  const [s, c] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return [c * x - s * y, s * x + c * y, z];
}

/** mm (LPS) from the volume's center to fractional voxel indices: the transposed direction undoes an orthonormal one. */
function voxelIndex(grid: Grid, mm: Vec3): number[] {
  return [0, 1, 2].map((axis) => {
    const along =
      grid.direction[axis] * mm[0] + grid.direction[3 + axis] * mm[1] + grid.direction[6 + axis] * mm[2];
    return (grid.size[axis] - 1) / 2 + along / grid.spacingMm[axis];
  });
}

/** The volume reaches to the outer faces of its voxels; between a face and the last centers the edge value goes on. */
function trilinear(grid: Grid, voxels: Int16Array, index: number[]): number | undefined {
  if (index.some((value, axis) => value < -0.5 || value > grid.size[axis] - 0.5)) return undefined;
  const [nx, ny] = grid.size;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    const at = index.map((value, axis) => {
      const base = Math.floor(value);
      const step = (corner >> axis) & 1;
      weight *= step ? value - base : 1 - (value - base);
      return Math.min(grid.size[axis] - 1, Math.max(0, base + step));
    });
    sum += weight * voxels[at[0] + nx * (at[1] + ny * at[2])];
  }
  return sum;
}
