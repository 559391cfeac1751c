import type { Diagnostic } from "../../core/diagnostic.js";
import { isHounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { cross, dot, norm, plus, times } from "../../core/vec3.js";
import { formatTag, TAG } from "../syntax/tags.js";
import { type DataSet, decimalsOf, tagValuesOf } from "../syntax/values.js";
import type { SliceHeader } from "./slice_header.js";

/**
 * Vectors of places, one a frame: Slice Location Vector (PS3.3 C.8.6.4), Grid Frame Offset Vector
 * (C.8.8.3.2).
 */
const VECTORS = [
  { tag: TAG.SliceLocationVector, name: "Slice Location Vector" },
  { tag: TAG.GridFrameOffsetVector, name: "Grid Frame Offset Vector" },
] as const;
type Vector = (typeof VECTORS)[number];

/**
 * Written as a Decimal String, a first value that is the position's own differs from it by rounding alone.
 */
const SAME_ORIGIN_MM = 0.1 + 1e-6;

/**
 * The frames of a multi-frame image without functional groups, each with its position, where a vector that
 * Frame Increment Pointer (0028,0009) names places them (PS3.3 C.7.6.6); a vector without any pointer counts
 * too, and that is said. Else one header of all frames that says in `unplaced` why.
 */
export function framesByVector(top: SliceHeader, data: DataSet): SliceHeader[] {
  const { numberOfFrames: count, source } = top;
  const pointers = tagValuesOf(data, TAG.FrameIncrementPointer);
  const vector = VECTORS.find(({ tag }) =>
    pointers.length > 0 ? pointers.includes(tag) : data.elements.has(tag),
  );
  if (!vector) {
    if (pointers.length === 0) return [top];
    const unplaced = `its Frame Increment Pointer names ${pointers.map(formatTag).join(", ")}, which is no place`;
    return [{ ...top, unplaced }];
  }
  const values = valuesOf(data, vector, count);
  if (typeof values === "string") return [{ ...top, unplaced: values }];
  const said: Diagnostic[] = [];
  if (pointers.length === 0) {
    const message = `${vector.name} ${formatTag(vector.tag)} places the frames, though no Frame Increment Pointer names it`;
    said.push({ severity: "warning", code: "frame-pointer-missing", message, files: [source.name] });
  }
  const direction = directionOf(top, vector, values);
  if (typeof direction === "string") return [{ ...top, unplaced: direction }];
  const diagnostics = [...(top.diagnostics ?? []), ...said, ...direction.diagnostics];
  return values.map((value, frame) => ({
    ...top,
    // The offsets of a dose grid are no Slice Locations, and the one at the top is of no frame.
    ...placeOf(
      top,
      direction.sign * (value - values[0]),
      vector.tag === TAG.SliceLocationVector ? value : undefined,
    ),
    frame,
    ...(diagnostics.length > 0 && { diagnostics }),
  }));
}

/** One finite number a frame; else what is wrong, in words. */
function valuesOf(data: DataSet, { tag, name }: Vector, count: number): readonly number[] | string {
  try {
    const values = decimalsOf(data, tag, count);
    return values ?? `its Frame Increment Pointer names ${name} ${formatTag(tag)}, which is missing`;
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    return `its ${name} is not of ${count} numbers, one a frame`;
  }
}

interface Direction {
  /** Of growing values, along the normal. */
  readonly sign: 1 | -1;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Which way the values of a vector grow. From zero on they are relative to Image Position along the normal
 * (C.8.8.3.2 a); where the first is the position's own coordinate, they are coordinates (b). A Slice Location
 * is of free origin and sign (C.7.6.2.1.2): its first value tells the sign where it is the position's, and it
 * follows the normal where it tells nothing.
 */
function directionOf(
  { imagePositionPatient, imageOrientationPatient, source }: SliceHeader,
  { tag, name }: Vector,
  [first, second]: readonly number[],
): Direction | string {
  const along: Direction = { sign: 1, diagnostics: [] };
  if (first === 0 || second === undefined || !imagePositionPatient) return along;
  const position = dot(imagePositionPatient, normalOf(imageOrientationPatient));
  const isNear = (value: number) => Math.abs(first - value) <= SAME_ORIGIN_MM;
  if (isNear(position)) return along;
  if (isNear(-position)) {
    if (tag === TAG.SliceLocationVector) return { sign: -1, diagnostics: [] };
    return `its ${name} begins at ${first}, which is neither 0 nor the place of Image Position along the normal, ${position}`;
  }
  const message = `${name} begins at ${first}, and Image Position lies at ${Number(position.toFixed(4))} mm along the normal; the frames are placed from there, along the normal`;
  return {
    sign: 1,
    diagnostics: [{ severity: "warning", code: "frame-vector-origin", message, files: [source.name] }],
  };
}

/** Without a position, the values alone order and space the frames, as Slice Locations do. */
function placeOf(
  { imagePositionPatient, imageOrientationPatient }: SliceHeader,
  offsetMm: number,
  sliceLocation: number | undefined,
): Partial<SliceHeader> {
  if (!imagePositionPatient) return { sliceLocation: sliceLocation ?? offsetMm };
  const position = plus(imagePositionPatient, normalOf(imageOrientationPatient), offsetMm);
  return { imagePositionPatient: position, sliceLocation };
}

/**
 * Row cross column (C.7.6.2.1.1); axial where there is no orientation, which imagePlaneOf says or refuses.
 */
export function normalOf([a, b, c, d, e, f]: readonly number[] = [1, 0, 0, 0, 1, 0]): Vec3 {
  const normal = cross([a, b, c], [d, e, f]);
  const length = norm(normal);
  return length > 0 ? times(normal, 1 / length) : [0, 0, 1];
}
