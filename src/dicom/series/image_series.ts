import { type ByteSource, readExactly } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { errorOf, HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { fittingScale } from "../../core/fitting_scale.js";
import { type Grid, positionMm } from "../../core/grid.js";
import { shown } from "../../core/options.js";
import { storedOfValue, type ValueScale } from "../../core/value_scale.js";
import { checkPacked, decompress, unpackedHead } from "../../formats/decompress.js";
import type { ImageFile } from "../../formats/image.js";
import { type ImageFormat, imageFormatOf } from "../../formats/image_format.js";
import type { ImageLayout } from "../../formats/image_layout.js";
import { type VoxelType, voxelTypes } from "../../formats/voxel_types.js";
import { outsideValue } from "../image/pixel_padding.js";
import type { SliceHeader } from "../image/slice_header.js";
import { frameSources, type StoredVolume } from "./image_frames.js";
import type { Series } from "./list_series.js";

/** A beginning that any header of a sane file lies in; longer ones are read again. */
const HEAD_BYTES = 2 ** 16;
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/**
 * The volumes of an image file of another program (NIfTI, NRRD, MetaImage), each as a series whose slices are
 * frames of that file, so that all that takes series takes them. Integers that lie as DICOM's would are read
 * slice by slice from the file itself; what is packed, turned over, big-endian or floats is read whole once
 * its frames are. Floats are gone through at once, since their scale is to be known.
 * @param others where the voxels are looked for that a header says lie in another file
 * @throws HounsfieldError what the formats' parsers throw, naming the file
 */
export async function imageSeries(source: ByteSource, others: readonly ByteSource[]): Promise<Series[]> {
  return named(source, () => seriesOf(source, others));
}

/** Errors of parsers know no file. */
async function named<T>({ name }: ByteSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isHounsfieldError(error) || error.fields.file !== undefined) throw error;
    throw errorOf(error.code, `${name}: ${error.message}`, { ...error.fields, file: name }, error);
  }
}

async function seriesOf(source: ByteSource, others: readonly ByteSource[]): Promise<Series[]> {
  const format = imageFormatOf(source.name);
  const isPacked = await isGzip(source);
  const layout = await layoutOf(source, format, isPacked);
  const voxels = layout.detached === undefined ? source : voxelFile(source, layout.detached, others);
  const files = voxels === source ? [source] : [source, voxels];
  const parse = async () => {
    if (voxels === source) return format.parse(await wholeFile(format.name, source, layout));
    const header = await readExactly(source, 0, source.size);
    return format.parse(
      isPacked ? await unpackedHead(header, format.headBytes) : header,
      await wholeFile(format.name, voxels, layout),
    );
  };
  const isGzipped = isPacked || (await isGzip(voxels));
  requireVoxels(format.name, voxels, layout, isGzipped);
  const kept = storedOf(layout, isGzipped);
  const stored = kept ?? (await measured(layout, parse));
  const [nx, ny, nz] = layout.grid.size;
  const bytesPerFrame = nx * ny * voxelTypes[stored.dtype].bytes;
  const loaded =
    stored.offset === undefined
      ? frameSources(voxels, layout.volumes, nz, bytesPerFrame, () =>
          named(source, async () => stored.convert(await parse())),
        )
      : undefined;
  return Array.from({ length: layout.volumes }, (_, volume) => {
    const place = loaded
      ? { source: loaded[volume], offset: 0, frames: nz, first: 0 }
      : { source: voxels, offset: stored.offset ?? 0, frames: nz * layout.volumes, first: nz * volume };
    return oneSeries(source, layout, stored, place, files, volume);
  });
}

/** How the stored values of a file's voxels become frames. */
interface StoredAs {
  readonly dtype: VoxelType;
  readonly slope: number;
  readonly intercept: number;
  /** Of floats, whose scale has been chosen. */
  readonly values?: ValueScale;
  /** Where they begin in the file, if they are read from there as they are. */
  readonly offset?: number;
  readonly diagnostics: readonly Diagnostic[];
  convert(file: ImageFile): readonly StoredVolume[];
}

/** Of integers; undefined of floats, which must be measured. */
function storedOf(
  { dtype, slope, intercept, ...layout }: ImageLayout,
  isPacked: boolean,
): StoredAs | undefined {
  if (dtype === "float32" || dtype === "float64") return undefined;
  const isAsItIs = !isPacked && !layout.flipsRows && !layout.isBigEndian;
  return {
    dtype,
    slope,
    intercept,
    diagnostics: [],
    ...(isAsItIs && layout.plainOffset !== undefined && { offset: layout.plainOffset }),
    convert: ({ volumes }) => volumes as readonly StoredVolume[],
  };
}

/** Of floats: the scale of an int16 record that holds all volumes of the file. */
async function measured(layout: ImageLayout, parse: () => Promise<ImageFile>): Promise<StoredAs> {
  const { slope, intercept, dtype } = layout;
  const units = unitsOf(dtype);
  let [low, high, isWhole, odd] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true, 0];
  for (const volume of (await parse()).volumes) {
    for (let i = 0; i < volume.length; i++) {
      const value = volume[i] * slope + intercept;
      if (!Number.isFinite(value)) {
        odd++;
        continue;
      }
      if (value < low) low = value;
      if (value > high) high = value;
      if (isWhole && !Number.isInteger(value)) isWhole = false;
    }
  }
  const outside = outsideValue(units);
  if (odd > 0) [low, high] = [Math.min(low, outside), Math.max(high, outside)];
  if (low > high) [low, high] = [0, 0];
  const values = fittingScale(low, high, isWhole, units);
  const message = `${odd} voxels are no numbers or infinite; they became ${outside}.`;
  return {
    dtype: "int16",
    slope: values.slope,
    intercept: values.intercept,
    values,
    diagnostics: odd === 0 ? [] : [{ severity: "warning", code: "not-finite", message }],
    convert: ({ volumes }) =>
      volumes.map((volume) =>
        Int16Array.from(volume as Float32Array, (one) => {
          const value = one * slope + intercept;
          return Math.round(storedOfValue(values, Number.isFinite(value) ? value : outside));
        }),
      ),
  };
}

interface FramePlace {
  readonly source: ByteSource;
  readonly offset: number;
  /** In the source. */
  readonly frames: number;
  /** The first of the volume. */
  readonly first: number;
}

function oneSeries(
  { name }: ByteSource,
  layout: ImageLayout,
  { dtype, slope, intercept, values, diagnostics }: StoredAs,
  { source, offset, frames, first }: FramePlace,
  files: readonly ByteSource[],
  volume: number,
): Series {
  const { grid } = layout;
  const [columns, rows, nz] = grid.size;
  const bits = voxelTypes[dtype].bytes * 8;
  const common = {
    source,
    transferSyntax: EXPLICIT_LITTLE_ENDIAN,
    numberOfFrames: frames,
    rows,
    columns,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: dtype.startsWith("u") ? 0 : 1,
    pixelData: { offset, length: (frames * rows * columns * bits) / 8, encapsulated: false },
    imageType: [],
    pixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
    imageOrientationPatient: orientationOf(grid),
    rescaleSlope: slope,
    rescaleIntercept: intercept,
  } as const;
  const slices: SliceHeader[] = Array.from({ length: nz }, (_, z) => ({
    ...common,
    frame: first + z,
    imagePositionPatient: positionMm(grid, [0, 0, z]),
  }));
  const units = values?.units ?? unitsOf(dtype);
  return {
    role: "stack",
    description: name.slice(name.lastIndexOf("/") + 1),
    ...(layout.volumes > 1 && { part: `volume ${volume + 1} of ${layout.volumes}` }),
    transferSyntaxes: [],
    units,
    ...(values && { values }),
    slices,
    files,
    grid,
    ordering: "image-position",
    diagnostics: [...layout.diagnostics, ...diagnostics, ...(units === "HU" ? [unitsAssumed] : [])],
  };
}

/** Labels and pictures are of 8 bits, in which HU have no place. */
function unitsOf(dtype: VoxelType): string {
  return voxelTypes[dtype].bytes === 1 ? "unspecified" : "HU";
}

const unitsAssumed: Diagnostic = {
  severity: "info",
  code: "units-assumed",
  message: "The file does not say what its values are in; they are taken for HU.",
};

function orientationOf({ direction }: Grid): number[] {
  return [0, 1].flatMap((axis) => [0, 3, 6].map((row) => direction[row + axis]));
}

/**
 * Only NIfTI's files are packed whole; of a pair's voxels, which may begin with anything, the name says it.
 */
async function isGzip(source: ByteSource): Promise<boolean> {
  if (!/\.(nii|hdr|img)(\.gz)?$/i.test(source.name) || /\.img$/i.test(source.name)) return false;
  const [a, b] = await source.read(0, Math.min(2, source.size));
  return a === 0x1f && b === 0x8b;
}

async function layoutOf(source: ByteSource, format: ImageFormat, isPacked: boolean): Promise<ImageLayout> {
  const head = async (bytes: number) => {
    const first = await readExactly(source, 0, Math.min(source.size, bytes));
    return isPacked ? unpackedHead(first, format.headBytes) : first;
  };
  if (HEAD_BYTES >= format.headBytes) return format.layout(await head(HEAD_BYTES));
  // Where the header does not end in what was read first, more is read.
  const first = await head(HEAD_BYTES);
  const isWhole = first.length < HEAD_BYTES || endsHeader(first);
  return format.layout(isWhole ? first : await head(format.headBytes));
}

/** An empty line. */
function endsHeader(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1))
    if (bytes[at + 1] === 10 || (bytes[at + 1] === 13 && bytes[at + 2] === 10)) return true;
  return false;
}

/** The file with the voxels: of a pair the one called .img, else by its name, beside the header. */
function voxelFile({ name }: ByteSource, detached: string, others: readonly ByteSource[]): ByteSource {
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  const wanted =
    detached === ""
      ? [name.replace(/\.hdr(\.gz)?$/i, ".img"), name.replace(/\.hdr(\.gz)?$/i, ".img.gz")]
      : [folder + detached.replace(/^\.\//, "")];
  const found = others.find((other) => wanted.includes(other.name));
  if (found) return found;
  const message = `${name}: its voxels lie in ${shown(wanted[0])}, which is not there`;
  throw new HounsfieldError("io", message, { file: wanted[0] });
}

/** A file with its voxels, unpacked as far as its header says that they go. */
async function wholeFile(
  format: string,
  source: ByteSource,
  { grid, volumes, dtype, plainOffset = 0 }: ImageLayout,
) {
  const bytes = await readExactly(source, 0, source.size);
  if (!(await isGzip(source))) return bytes;
  const length = grid.size[0] * grid.size[1] * grid.size[2] * volumes * voxelTypes[dtype].bytes;
  return decompress(format, bytes, "gzip", plainOffset + length);
}

/** Before anything is made of what a header declares. */
function requireVoxels(
  format: string,
  { name, size }: ByteSource,
  layout: ImageLayout,
  isGzipped: boolean,
): void {
  const { grid, volumes, dtype, plainOffset } = layout;
  const bytes = grid.size[0] * grid.size[1] * grid.size[2] * volumes * voxelTypes[dtype].bytes;
  if (isGzipped || plainOffset === undefined) {
    checkPacked(format, size, bytes);
    return;
  }
  const accepted = plainOffset + bytes;
  if (size >= accepted) return;
  const message = `${name}: ends at byte ${size}; its header declares voxels to byte ${accepted}`;
  throw new HounsfieldError("truncated", message, { file: name, offset: size, got: size, accepted });
}
