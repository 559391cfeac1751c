import type { Vec3 } from "../../core/grid.js";
import { checkArgument, checkOptions } from "../../core/options.js";
import { bytes as bytesRule } from "../../core/rules.js";
import { decompress } from "../decompress.js";
import type { ImageFile } from "../image.js";
import { checkSizes, checkSlices, malformedImage, unsupportedImage, voxelBytes } from "../image_error.js";
import type { ImageLayout } from "../image_layout.js";
import { flipRows, type PlacedGrid, placeGrid, rowsFlipped } from "../placed_grid.js";
import { splitComponents } from "../split_components.js";
import { latin1, numbersOf } from "../text_fields.js";
import { type VoxelType, voxelData, voxelTypes } from "../voxel_types.js";
import { metaTypes } from "./metaimage_header.js";

/** What a header of a sane file may have. */
const MOST_HEADER_BYTES = 1 << 16;

/**
 * Reads a MetaImage (https://docs.itk.org/en/latest/learn/metaio.html): a .mha, or a .mhd as `bytes` with the
 * one file that it names as `voxels`. Its coordinates are LPS, as ITK takes them. A fourth axis and channels
 * become several volumes.
 * @throws HounsfieldError `malformed-image`; `unsupported-image` for voxels as text, 64-bit integers, several
 * data files and sheared grids; `truncated` where voxels are missing; `invalid-option`
 */
export async function parseMetaImage(
  bytes: Uint8Array,
  detached: { readonly voxels?: Uint8Array } = {},
): Promise<ImageFile> {
  checkArgument("parseMetaImage", "bytes", bytes, bytesRule);
  const { voxels } = checkOptions("parseMetaImage", detached, { voxels: bytesRule });
  const { fields, end } = metaFields(bytes);
  const layout = layoutOf(fields, end);
  const { grid, dtype, diagnostics } = layout;
  const { channels, sizes } = sizesOf(fields);
  const count = [channels, ...sizes].reduce((product, n) => product * n, 1);
  const held = await heldBytes(fields, bytes.subarray(end), voxels, count * voxelTypes[dtype].bytes);
  const volumes = splitComponents(voxelData(held, dtype, layout.isBigEndian), [channels, ...sizes], 1);
  if (layout.flipsRows) for (const volume of volumes) flipRows(volume, grid.size);
  return { grid, dtype, slope: 1, intercept: 0, volumes, diagnostics };
}

/**
 * What a header says, all of which must be in `head`. @throws HounsfieldError as parseMetaImage, but for
 * voxels
 */
export function metaImageLayout(head: Uint8Array): ImageLayout {
  const { fields, end } = metaFields(head);
  return layoutOf(fields, end);
}

function layoutOf(fields: ReadonlyMap<string, string>, end: number): ImageLayout {
  const { channels, sizes } = sizesOf(fields);
  const size: Vec3 = [sizes[0], sizes[1], sizes[2]];
  const volumes = sizes.slice(3).reduce((product, n) => product * n, channels);
  checkSlices("MetaImage", size[2] * volumes);
  const { grid, flipsRows } = place(fields, size);
  const file = fields.get("elementdatafile") ?? "";
  const isLocal = /^local$/i.test(file);
  const header = headerSize(fields);
  const isBinary = !fields.has("binarydata") || isTrue(fields.get("binarydata"));
  const isPlain = isBinary && channels === 1 && header >= 0 && !isTrue(fields.get("compresseddata"));
  return {
    grid,
    flipsRows,
    dtype: typeOf(fields.get("elementtype") ?? ""),
    isBigEndian: isTrue(fields.get("binarydatabyteordermsb") ?? fields.get("elementbyteordermsb")),
    slope: 1,
    intercept: 0,
    volumes,
    ...(!isLocal && { detached: file }),
    ...(isPlain && { plainOffset: (isLocal ? end : 0) + header }),
    diagnostics: flipsRows ? [rowsFlipped] : [],
  };
}

/** Of all axes, three at least, and the channels of a voxel, which vary faster. */
function sizesOf(fields: ReadonlyMap<string, string>): { channels: number; sizes: number[] } {
  const channels = Number(fields.get("elementnumberofchannels") ?? 1);
  const sizes = numbersOf("MetaImage", "DimSize", fields.get("dimsize") ?? "");
  checkSizes("MetaImage", [channels, ...sizes]);
  if (sizes.length !== Number(fields.get("ndims")))
    throw malformedImage("MetaImage", `NDims is ${fields.get("ndims")} for a DimSize of ${sizes.join(" ")}`);
  while (sizes.length < 3) sizes.push(1);
  return { channels, sizes };
}

/**
 * "Key = value" lines by their keys in lower case, up to ElementDataFile, which is the last; `end` is where
 * the line behind it begins.
 */
function metaFields(bytes: Uint8Array): { fields: Map<string, string>; end: number } {
  const text = latin1(bytes.subarray(0, MOST_HEADER_BYTES));
  const fields = new Map<string, string>();
  if (!/ElementDataFile/i.test(text)) throw malformedImage("MetaImage", "has no ElementDataFile");
  // Line by line, for patterns over more than one go back and forth in what is no header.
  for (let at = 0, end = 0; at < text.length; at = end) {
    const newline = text.indexOf("\n", at);
    end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end).trim();
    if (line === "") continue;
    const equals = line.indexOf("=");
    const key = line.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (!/^\w+$/.test(key)) throw malformedImage("MetaImage", `line "${line.slice(0, 80)}" is no field`);
    fields.set(key, line.slice(equals + 1).trim());
    if (key === "elementdatafile") return { fields, end };
  }
  throw malformedImage("MetaImage", "has no ElementDataFile");
}

function typeOf(name: string): VoxelType {
  // An array of channels is of the type of one.
  const plain = name.replace(/_ARRAY$/, "");
  const found = Object.entries(metaTypes).find(([, one]) => one === plain);
  if (found) return found[0] as VoxelType;
  if (/^MET_U?LONG(_LONG)?$/.test(plain))
    throw unsupportedImage(
      "MetaImage",
      `its voxels are of type ${plain}, whose size differs from machine to machine`,
    );
  throw malformedImage("MetaImage", `its ElementType is "${name.slice(0, 80)}"`, name);
}

function place(fields: ReadonlyMap<string, string>, size: Vec3): PlacedGrid {
  const list = (names: readonly string[], otherwise: readonly number[]) => {
    const name = names.find((one) => fields.has(one));
    return name === undefined ? otherwise : numbersOf("MetaImage", name, fields.get(name) ?? "");
  };
  const dims = Number(fields.get("ndims"));
  const spacing = list(["elementspacing", "elementsize"], []);
  const matrix = list(["transformmatrix", "rotation", "orientation"], []);
  const offset = list(["offset", "position", "origin"], []);
  // Of the axes and coordinates that there are; a picture of two lies at z = 0.
  const axis = (at: number): Vec3 => {
    const unit = (row: number) => (at < dims && row < dims ? matrix[at * dims + row] : undefined);
    const step = spacing[at] ?? 1;
    const [x, y, z] = [0, 1, 2].map((row) => (unit(row) ?? (row === at ? 1 : 0)) * step);
    return [x, y, z];
  };
  const [x = 0, y = 0, z = 0] = offset;
  return placeGrid("MetaImage", size, [axis(0), axis(1), axis(2)], [x, y, z]);
}

async function heldBytes(
  fields: ReadonlyMap<string, string>,
  local: Uint8Array,
  voxels: Uint8Array | undefined,
  length: number,
): Promise<Uint8Array> {
  const file = fields.get("elementdatafile") ?? "";
  if (/^list\b/i.test(file) || /%\d*d/.test(file))
    throw unsupportedImage("MetaImage", "its voxels lie in several files", file);
  const isLocal = /^local$/i.test(file);
  if (!isLocal && !voxels)
    throw malformedImage("MetaImage", `its voxels lie in "${file.slice(0, 80)}"`, file);
  if (fields.has("binarydata") && !isTrue(fields.get("binarydata")))
    throw unsupportedImage("MetaImage", "its voxels are written as text");
  const held = isLocal ? local : (voxels ?? local);
  if (isTrue(fields.get("compresseddata"))) return decompress("MetaImage", held, "deflate", length);
  const header = headerSize(fields);
  // -1: the voxels are the end of the file.
  return voxelBytes("MetaImage", held, header === -1 ? Math.max(0, held.length - length) : header, length);
}

/** Bytes before the voxels in the file that has them; -1 where they are its end. */
function headerSize(fields: ReadonlyMap<string, string>): number {
  const header = Number(fields.get("headersize") ?? 0);
  if (Number.isSafeInteger(header) && header >= -1) return header;
  throw malformedImage("MetaImage", `its HeaderSize is "${fields.get("headersize")}"`);
}

function isTrue(text: string | undefined): boolean {
  return /^(true|1)$/i.test(text ?? "");
}
