import { HounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";

/** Where a frame says that it lies. */
export interface FramePlane {
  readonly file: string;
  readonly frame: number;
  /** Columns, rows. */
  readonly size: readonly [number, number];
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  /** Between rows, between columns. */
  readonly spacing?: readonly number[];
}

/** In voxels: what geometry loses in decimal strings of 16 characters stays far below. */
const TOLERANCE_VOXELS = 0.01;

/** The slice of a grid that a frame is. @throws HounsfieldError `wrong-grid`, `malformed-dicom` */
export function sliceOfFrame(grid: Grid, plane: FramePlane): number {
  const { file, frame, size, position, orientation, spacing } = plane;
  if (!position || !orientation || !spacing) {
    const message = `${file}: frame ${frame + 1} does not say where it lies`;
    throw new HounsfieldError("malformed-dicom", message, { file, frame, tag: "(0020,0032)" });
  }
  const wrong = (what: string, got: unknown, accepted: unknown) =>
    new HounsfieldError("wrong-grid", `${file}: frame ${frame + 1} is no slice of the grid: ${what}`, {
      file,
      frame,
      got,
      accepted,
    });
  if (size[0] !== grid.size[0] || size[1] !== grid.size[1])
    throw wrong(`${size.join(" x ")} pixels`, size, grid.size.slice(0, 2));
  const first = indexOf(grid, [position[0], position[1], position[2]]);
  // The opposite corner: orientation and spacing are right where both are.
  const [right, down] = [spacing[1] * (size[0] - 1), spacing[0] * (size[1] - 1)];
  const corner = [0, 1, 2].map(
    (row) => position[row] + orientation[row] * right + orientation[3 + row] * down,
  );
  const last = indexOf(grid, [corner[0], corner[1], corner[2]]);
  const z = Math.round(first[2]);
  const wanted = [0, 0, z, size[0] - 1, size[1] - 1, z];
  const apart = [...first, ...last].map((value, i) => Math.abs(value - wanted[i]));
  if (!(Math.max(...apart) <= TOLERANCE_VOXELS) || z < 0 || z >= grid.size[2])
    throw wrong(
      `its first pixel is voxel ${first.map((value) => Number(value.toFixed(3))).join(", ")}`,
      first,
      wanted,
    );
  return z;
}

/** The fractional index of a position. */
function indexOf({ originMm, direction, spacingMm }: Grid, mm: Vec3): Vec3 {
  const along = (axis: number) =>
    [0, 1, 2].reduce((sum, row) => sum + direction[row * 3 + axis] * (mm[row] - originMm[row]), 0) /
    spacingMm[axis];
  return [along(0), along(1), along(2)];
}
