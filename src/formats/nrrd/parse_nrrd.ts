import type { Diagnostic } from "../../core/diagnostic.js";
import type { Vec3 } from "../../core/grid.js";
import { checkArgument, checkOptions } from "../../core/options.js";
import { bytes as bytesRule } from "../../core/rules.js";
import { decompress } from "../decompress.js";
import type { ImageFile } from "../image.js";
import { checkSizes, checkSlices, malformedImage, unsupportedImage, voxelBytes } from "../image_error.js";
import type { ImageLayout } from "../image_layout.js";
import { flipRows, type PlacedGrid, placeGrid, rowsFlipped } from "../placed_grid.js";
import { splitComponents } from "../split_components.js";
import { numbersOf } from "../text_fields.js";
import { type VoxelType, voxelData, voxelTypes } from "../voxel_types.js";
import { type NrrdFields, nrrdFields } from "./nrrd_fields.js";

/**
 * Reads an NRRD file (https://teem.sourceforge.net/nrrd/format.html), versions 1 to 5: attached (.nrrd), or
 * detached, where `bytes` is the .nhdr and `voxels` the one file that it names. Three axes lie in space;
 * others (colors, time) become several volumes.
 * @throws HounsfieldError `malformed-image`; `unsupported-image` for other encodings than raw and gzip,
 * blocks, 64-bit integers, several data files and sheared grids; `truncated` where voxels are missing;
 * `invalid-option`
 */
export async function parseNrrd(
  bytes: Uint8Array,
  detached: { readonly voxels?: Uint8Array } = {},
): Promise<ImageFile> {
  checkArgument("parseNrrd", "bytes", bytes, bytesRule);
  const { voxels } = checkOptions("parseNrrd", detached, { voxels: bytesRule });
  const header = nrrdFields(bytes);
  const layout = layoutOf(header);
  const { grid, dtype, diagnostics } = layout;
  const { sizes, spatial } = axesOf(header);
  const length = sizes.reduce((product, n) => product * n, 1) * voxelTypes[dtype].bytes;
  const held = await heldBytes(header, bytes, voxels, length);
  const volumes = splitComponents(voxelData(held, dtype, layout.isBigEndian), sizes, spatial[0]);
  if (layout.flipsRows) for (const volume of volumes) flipRows(volume, grid.size);
  return { grid, dtype, slope: 1, intercept: 0, volumes, diagnostics };
}

/**
 * What a header says, all of which must be in `head`. @throws HounsfieldError as parseNrrd, but for voxels
 */
export function nrrdLayout(head: Uint8Array): ImageLayout {
  return layoutOf(nrrdFields(head));
}

function layoutOf(header: NrrdFields): ImageLayout {
  const { fields, end } = header;
  const { sizes, spatial } = axesOf(header);
  const size: Vec3 = [sizes[spatial[0]], sizes[spatial[1]], sizes[spatial[2]]];
  const volumes = sizes.reduce((product, n) => product * n, 1) / (size[0] * size[1] * size[2]);
  checkSlices("NRRD", size[2] * volumes);
  const diagnostics: Diagnostic[] = [];
  const { grid, flipsRows } = place(header, size, spatial, diagnostics);
  if (flipsRows) diagnostics.push(rowsFlipped);
  const detached = fields.get("data file") ?? fields.get("datafile");
  const skipped = skip(fields, "byte skip");
  const isPlain =
    fields.get("encoding")?.toLowerCase() === "raw" &&
    spatial[0] === 0 &&
    skipped >= 0 &&
    skip(fields, "line skip") === 0;
  return {
    grid,
    flipsRows,
    dtype: typeOf(header),
    isBigEndian: fields.get("endian") === "big",
    slope: 1,
    intercept: 0,
    volumes,
    ...(detached !== undefined && { detached }),
    ...(isPlain && { plainOffset: (detached === undefined ? end : 0) + skipped }),
    diagnostics,
  };
}

/** C's names of types, as NRRD takes them, to ours. */
const TYPES: Readonly<Record<string, VoxelType>> = {
  "signed char": "int8",
  int8: "int8",
  int8_t: "int8",
  uchar: "uint8",
  "unsigned char": "uint8",
  uint8: "uint8",
  uint8_t: "uint8",
  short: "int16",
  "short int": "int16",
  "signed short": "int16",
  "signed short int": "int16",
  int16: "int16",
  int16_t: "int16",
  ushort: "uint16",
  "unsigned short": "uint16",
  "unsigned short int": "uint16",
  uint16: "uint16",
  uint16_t: "uint16",
  int: "int32",
  "signed int": "int32",
  int32: "int32",
  int32_t: "int32",
  uint: "uint32",
  "unsigned int": "uint32",
  uint32: "uint32",
  uint32_t: "uint32",
  float: "float32",
  double: "float64",
};

function typeOf({ fields }: NrrdFields): VoxelType {
  const name = fields.get("type") ?? "";
  if (Object.hasOwn(TYPES, name)) return TYPES[name];
  if (/long|int64|block/.test(name)) throw unsupportedImage("NRRD", `its voxels are of type "${name}"`, name);
  throw malformedImage("NRRD", `its type is "${name}"`, name);
}

/**
 * Sizes of all axes, and which three lie in space: those with a direction, else those of a domain's kind,
 * else the first three.
 */
function axesOf({ fields }: NrrdFields): { sizes: number[]; spatial: readonly [number, number, number] } {
  const sizes = numbersOf("NRRD", "sizes", fields.get("sizes") ?? "");
  checkSizes("NRRD", sizes);
  const directions = vectors(fields.get("space directions") ?? "");
  const kinds = fields.get("kinds")?.split(/\s+/) ?? [];
  while (sizes.length < 3) sizes.push(1);
  const all = sizes.map((_, axis) => axis);
  const directed = all.filter((axis) => directions[axis]);
  const domains = all.filter((axis) => /^(domain|space)$/i.test(kinds[axis] ?? ""));
  const chosen = [directed, domains, all].find((axes) => axes.length >= 3) ?? all;
  const [x, y, z] = chosen;
  if (y !== x + 1 || z !== y + 1)
    throw unsupportedImage("NRRD", "an axis that is none of space lies between those of space");
  return { sizes, spatial: [x, y, z] };
}

/** "(1,0,0) none (0,1,0)": a vector, or nothing, for each axis. */
function vectors(text: string): (readonly number[] | undefined)[] {
  const items = text.match(/\([^()]*\)|none/gi) ?? [];
  return items.map((item) =>
    /^none$/i.test(item) || /nan/i.test(item)
      ? undefined
      : numbersOf("NRRD", "space directions", item.slice(1, -1)),
  );
}

/**
 * LPS of each axis of the named spaces; those that say nothing of the patient are refused by being absent.
 */
const SPACES: Readonly<Record<string, Vec3>> = {
  "left-posterior-superior": [1, 1, 1],
  lps: [1, 1, 1],
  "right-anterior-superior": [-1, -1, 1],
  ras: [-1, -1, 1],
  "left-anterior-superior": [1, -1, 1],
  las: [1, -1, 1],
};

function place(
  { fields }: NrrdFields,
  size: Vec3,
  spatial: readonly [number, number, number],
  diagnostics: Diagnostic[],
): PlacedGrid {
  const space = (fields.get("space") ?? "").toLowerCase();
  const signs = Object.hasOwn(SPACES, space) ? SPACES[space] : undefined;
  const directions = vectors(fields.get("space directions") ?? "");
  if (!signs || directions.length === 0) {
    const message =
      "The file does not say how its axes lie in a patient; their spacing is all that is known.";
    diagnostics.push({ severity: "warning", code: "no-orientation", message });
    return placeGrid("NRRD", size, plainSteps(fields, directions, spatial), [0, 0, 0]);
  }
  const lps = (vector: readonly number[] | undefined): Vec3 => {
    if (vector?.length !== 3) throw malformedImage("NRRD", "a vector in space has not 3 numbers", vector);
    return [vector[0] * signs[0] + 0, vector[1] * signs[1] + 0, vector[2] * signs[2] + 0];
  };
  const origin = vectors(fields.get("space origin") ?? "")[0] ?? [0, 0, 0];
  const [x, y, z] = spatial.map((axis) => lps(directions[axis]));
  return placeGrid("NRRD", size, [x, y, z], lps(origin));
}

/** By the lengths of directions or the spacings, 1 where there are neither. */
function plainSteps(
  fields: NrrdFields["fields"],
  directions: readonly (readonly number[] | undefined)[],
  spatial: readonly number[],
): [Vec3, Vec3, Vec3] {
  const spacings = (fields.get("spacings") ?? "").split(/\s+/).map(Number);
  const [x, y, z] = spatial.map((axis) => {
    const step = directions[axis] ? Math.hypot(...directions[axis]) : Math.abs(spacings[axis]);
    return step > 0 && Number.isFinite(step) ? step : 1;
  });
  return [
    [x, 0, 0],
    [0, y, 0],
    [0, 0, z],
  ];
}

/** The voxels' own bytes, unpacked. */
async function heldBytes(
  { fields, end }: NrrdFields,
  bytes: Uint8Array,
  voxels: Uint8Array | undefined,
  length: number,
): Promise<Uint8Array> {
  const file = fields.get("data file") ?? fields.get("datafile");
  if (file !== undefined && (file.startsWith("LIST") || /%\d*d/.test(file)))
    throw unsupportedImage("NRRD", "its voxels lie in several files", file);
  if (file !== undefined && !voxels)
    throw malformedImage("NRRD", `its voxels lie in "${file.slice(0, 80)}"`, file);
  const held = file === undefined ? bytes.subarray(end) : (voxels ?? bytes);
  const from = skipLines(held, skip(fields, "line skip"));
  const encoding = (fields.get("encoding") ?? "").toLowerCase();
  if (encoding === "raw") {
    const skipped = skip(fields, "byte skip");
    // -1: the voxels are the end of the file.
    return voxelBytes(
      "NRRD",
      held,
      skipped === -1 ? Math.max(from, held.length - length) : from + skipped,
      length,
    );
  }
  if (encoding !== "gzip" && encoding !== "gz")
    throw unsupportedImage("NRRD", `its encoding is "${encoding}"`, encoding);
  const skipped = Math.max(0, skip(fields, "byte skip"));
  const unpacked = await decompress("NRRD", held.subarray(from), "gzip", skipped + length);
  return unpacked.subarray(skipped);
}

function skip(fields: NrrdFields["fields"], name: string): number {
  const text = fields.get(name) ?? fields.get(name.replace(" ", "")) ?? "0";
  const [count] = numbersOf("NRRD", name, text);
  if (Number.isSafeInteger(count) && count >= -1) return count;
  throw malformedImage("NRRD", `its ${name} is "${text.slice(0, 80)}"`, text);
}

function skipLines(bytes: Uint8Array, count: number): number {
  let at = 0;
  for (let line = 0; line < count; line++) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw malformedImage("NRRD", `has fewer than the ${count} lines that are to be skipped`);
    at = end + 1;
  }
  return at;
}
