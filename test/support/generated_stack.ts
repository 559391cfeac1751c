import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { type CtFields, ctElements, EXPLICIT, element, file } from "./dicom_file.js";

/** A point of the patient, in mm, LPS. */
export type Point = readonly [number, number, number];

export interface StackDescription {
  /** First pixel's center of each slice. */
  readonly positions: readonly Point[];
  /** Cosines of a row, then of a column. Default: axial. */
  readonly orientation?: readonly number[];
  /** Default: 8 columns, 6 rows. */
  readonly columns?: number;
  readonly rows?: number;
  /** Between columns and between rows; default 0.5 and 0.75. */
  readonly spacing?: readonly [x: number, y: number];
  /** HU at a point; default a ramp that no two directions share. */
  readonly hu?: (point: Point, k: number) => number;
  readonly name?: (k: number) => string;
  readonly fields?: (k: number) => CtFields;
}

export const AXIAL = [1, 0, 0, 0, 1, 0];

/** Linear in space, so that linear interpolation anywhere gives its value there. */
export function ramp([x, y, z]: Point): number {
  return 3 * x - 5 * y + 7 * z;
}

/** A point of a slice: pixel (i, j) is i along the row, j along the column. */
export function pixelPoint(
  position: Point,
  orientation: readonly number[],
  spacing: readonly [number, number],
  i: number,
  j: number,
): Point {
  const at = (axis: number) =>
    position[axis] + orientation[axis] * i * spacing[0] + orientation[axis + 3] * j * spacing[1];
  return [at(0), at(1), at(2)];
}

/** One uncompressed CT file a slice; stored values are HU + 1024, rounded. */
export function stackFiles(description: StackDescription): ByteSource[] {
  const { positions, orientation = AXIAL, columns = 8, rows = 6, spacing = [0.5, 0.75] } = description;
  const { hu = ramp, name = (k) => `${(k * 7919) % 1000}-${k}.dcm`, fields = () => ({}) } = description;
  return positions.map((position, k) => {
    const stored = Uint16Array.from({ length: rows * columns }, (_, at) => {
      const point = pixelPoint(position, orientation, spacing, at % columns, Math.floor(at / columns));
      return Math.round(hu(point, k)) + 1024;
    });
    const elements = ctElements({
      "0018,0050": "2",
      "0020,0032": position.join("\\"),
      "0020,0037": orientation.join("\\"),
      "0020,1041": undefined,
      "0028,0010": rows,
      "0028,0011": columns,
      "0028,0030": `${spacing[1]}\\${spacing[0]}`,
      ...fields(k),
    });
    const pixels = element("7fe0,0010", "OW", new Uint8Array(stored.buffer));
    return bytesSource(name(k), file({ transferSyntax: EXPLICIT, elements: [...elements, pixels] }));
  });
}

/** `count` positions from `from`, `step` apart. */
export function positionsFrom(from: Point, step: Point, count: number): Point[] {
  return Array.from({ length: count }, (_, k) => [
    from[0] + k * step[0],
    from[1] + k * step[1],
    from[2] + k * step[2],
  ]);
}
