import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { cross, dot, minus, norm, times } from "../../core/vec3.js";
import type { SliceHeader } from "../image/slice_header.js";

/** The plane that all slices of a stack share: unit vectors in LPS and the size of a pixel. */
export interface ImagePlane {
  /** Along a row: the direction in which the column index grows. */
  readonly x: Vec3;
  /** Along a column: the direction in which the row index grows. */
  readonly y: Vec3;
  /** x cross y (PS3.3 C.7.6.2.1.1). */
  readonly normal: Vec3;
  /** [between columns (x), between rows (y)]. */
  readonly spacingMm: readonly [number, number];
  /**
   * How far the cosines were from perpendicular unit vectors, or from each other: as uncertain as that makes
   * the normal.
   */
  readonly cosineError: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Writers round direction cosines to as few as three digits; more than this is another thing than rounding.
 */
const COSINE_TOLERANCE = 2e-3;

/**
 * The plane of an image. Without orientation, axial is assumed and said so; without pixel spacing there is no
 * geometry.
 * @throws HounsfieldError `unfaithful-geometry`
 */
export function imagePlaneOf(header: SliceHeader): ImagePlane {
  const { imageOrientationPatient: cosines, source } = header;
  const diagnostics: Diagnostic[] = [];
  if (!cosines) {
    const message =
      "Image Orientation is missing; axial slices with rows to the left and columns to the back are assumed";
    diagnostics.push({ severity: "warning", code: "orientation-missing", message, files: [source.name] });
  }
  const [a, b, c, d, e, f] = cosines ?? [1, 0, 0, 0, 1, 0];
  const row: Vec3 = [a, b, c];
  const column: Vec3 = [d, e, f];
  const cosineError = Math.max(
    Math.abs(norm(row) - 1),
    Math.abs(norm(column) - 1),
    Math.abs(dot(row, column)),
  );
  if (!(cosineError <= COSINE_TOLERANCE)) {
    const message = `${source.name}: Image Orientation ${cosines?.join("\\")} is no pair of perpendicular unit vectors`;
    const fields = { file: source.name, tag: "(0020,0037)", got: cosines };
    throw new HounsfieldError("unfaithful-geometry", message, fields);
  }
  const x = times(row, 1 / norm(row));
  const square = minus(column, times(x, dot(x, column)));
  const y = times(square, 1 / norm(square));
  return {
    x,
    y,
    normal: times(cross(x, y), 1),
    spacingMm: pixelSpacingOf(header),
    cosineError,
    diagnostics,
  };
}

/**
 * The plane of images that are of one: the first one's, as uncertain as their orientations differ.
 * @throws HounsfieldError `unfaithful-geometry`
 */
export function commonPlaneOf(headers: readonly SliceHeader[]): ImagePlane {
  const plane = imagePlaneOf(headers[0]);
  const reference = headers[0].imageOrientationPatient;
  if (!reference) return plane;
  let spread = 0;
  for (const { imageOrientationPatient: cosines } of headers) {
    if (cosines && cosines !== reference)
      for (let i = 0; i < 6; i++) spread = Math.max(spread, Math.abs(cosines[i] - reference[i]));
  }
  // A direction of three cosines is off by up to the square root of three times what each is.
  return 2 * spread > plane.cosineError ? { ...plane, cosineError: 2 * spread } : plane;
}

function pixelSpacingOf({ pixelSpacing, source }: SliceHeader): readonly [number, number] {
  if (pixelSpacing && pixelSpacing[0] > 0 && pixelSpacing[1] > 0) return [pixelSpacing[1], pixelSpacing[0]];
  const message = `${source.name}: Pixel Spacing is ${pixelSpacing ? pixelSpacing.join("\\") : "missing"}, so distances are unknown`;
  throw new HounsfieldError("unfaithful-geometry", message, {
    file: source.name,
    tag: "(0028,0030)",
    got: pixelSpacing,
  });
}

/** A position in the axes of a plane, from `origin`: along its rows, its columns and its normal, in mm. */
export function inPlaneAxes({ x, y, normal }: ImagePlane, origin: Vec3, position: Vec3): Vec3 {
  const displacement = minus(position, origin);
  return [dot(displacement, x), dot(displacement, y), dot(displacement, normal)];
}
