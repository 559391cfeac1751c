import { once } from "node:events";
import { constants, createGzip } from "node:zlib";
import type { ImageDescription } from "../../formats/image.js";
import { metaImageHeader } from "../../formats/metaimage/metaimage_header.js";
import { niftiHeader } from "../../formats/nifti/nifti_header.js";
import { npyHeader } from "../../formats/npy.js";
import { nrrdHeader } from "../../formats/nrrd/nrrd_header.js";
import type { ArrayOutput } from "../../recipes/preprocess_outputs.js";
import { lungSegments } from "./lung_segments.js";
import type { Chunk, OpenedFile, OutputFolder } from "./output_folder.js";

/** What arrays are written as; "nifti" is gzipped, "nii" is not. */
const fileFormats = ["npy", "nifti", "nii", "nrrd", "mha"] as const;
/** Surfaces, which only lungs have. */
export const meshFormats = ["stl", "ply", "obj", "glb"] as const;
export const arrayFormats = [...fileFormats, "png", "seg", ...meshFormats] as const;
export type ArrayFormat = (typeof arrayFormats)[number];
export type MeshFormat = (typeof meshFormats)[number];
/** Those that are one file. */
export type FileFormat = (typeof fileFormats)[number];

const npyTypes = { int16: "<i2", float32: "<f4", uint8: "|u1" } as const;

/**
 * A file that an array is written to: its name, what stands before the voxels, and whether all is gzipped.
 */
interface ArrayFile {
  readonly name: string;
  readonly header: Uint8Array;
  readonly packing: "none" | "whole" | "voxels";
}

/** What the names of files end in. Labels of lungs are segmentations in NRRD. */
export function fileSuffix(format: FileFormat, array: ArrayOutput["name"]): string {
  if (format === "nifti") return ".nii.gz";
  return format === "nrrd" && array === "lungs" ? ".seg.nrrd" : `.${format}`;
}

type Described = Pick<ArrayOutput, "name" | "dtype" | "shape" | "grid" | "values">;

/**
 * Undefined where the format has no place for an array: those of volumes have none for a projection.
 * @throws HounsfieldError `unsupported-image` for a scaled record in a format without slope and intercept
 */
export function arrayFile(
  format: FileFormat,
  output: Described,
  name: string = output.name,
): ArrayFile | undefined {
  const { dtype, shape, grid, values } = output;
  const file = `${name}${fileSuffix(format, output.name)}`;
  if (format === "npy")
    return { name: file, header: npyHeader({ dtype: npyTypes[dtype], shape }), packing: "none" };
  if (!grid) return undefined;
  const { slope, intercept } = values;
  const image: ImageDescription = { grid, dtype, slope, intercept };
  if (format === "nii") return { name: file, header: niftiHeader(image), packing: "none" };
  if (format === "nifti") return { name: file, header: niftiHeader(image), packing: "whole" };
  if (format === "mha") return { name: file, header: metaImageHeader(image), packing: "none" };
  const isLungs = output.name === "lungs";
  const header = nrrdHeader({ ...image, encoding: "gzip", ...(isLungs && { segments: lungSegments }) });
  return { name: file, header, packing: "voxels" };
}

/** Writes an array in all formats in one go: it can be gone through only once. */
export async function writeFormats(
  folder: OutputFolder,
  formats: readonly ArrayFormat[],
  output: ArrayOutput,
  others: readonly ArrayWriter[] = [],
): Promise<void> {
  const files = fileFormats.flatMap((format) =>
    formats.includes(format) ? (arrayFile(format, output) ?? []) : [],
  );
  const stacks: ArrayWriter[] = [...others];
  if (formats.includes("png") && output.grid) {
    const { pngStack } = await import("./png_stack.js");
    stacks.push(pngStack(folder, output));
  }
  await writeArray(folder, files, output.slabs, stacks);
}

/** Writes an array's slabs to all of the files, and to whoever writes more of them. */
export async function writeArray(
  folder: OutputFolder,
  files: readonly ArrayFile[],
  slabs: AsyncIterable<Chunk>,
  others: readonly ArrayWriter[] = [],
): Promise<void> {
  const opened: OpenedFile[] = [];
  const writers: ArrayWriter[] = [...others];
  try {
    for (const file of files) {
      const target = folder.open(file.name);
      opened.push(target);
      const writer = file.packing === "none" ? plainWriter(target) : gzipWriter(target);
      writers.push(writer);
      if (file.packing === "whole") await writer.write(file.header);
      else target.write(file.header);
    }
    for await (const slab of slabs) for (const writer of writers) await writer.write(slab);
    for (const writer of writers) await writer.finish();
  } finally {
    for (const target of opened) target.close();
  }
}

/** Takes the slabs of an array, in ascending z, each of whole slices. */
export interface ArrayWriter {
  write(chunk: Chunk): Promise<void>;
  finish(): Promise<void>;
}

function plainWriter(target: OpenedFile): ArrayWriter {
  return {
    write: async (chunk) => target.write(chunk),
    finish: async () => target.finish(),
  };
}

/**
 * One gzip stream of level 1 (higher ones take thrice the time for a tenth less), without name and time, so
 * that the same voxels are the same bytes.
 */
function gzipWriter(target: OpenedFile): ArrayWriter {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  let failure: unknown;
  let isFirst = true;
  gzip.on("data", (piece: Buffer) => {
    // The system that packed it (RFC 1952, OS): unknown, everywhere.
    if (isFirst) piece[9] = 255;
    isFirst = false;
    try {
      if (failure === undefined) target.write(piece);
    } catch (error) {
      failure = error;
    }
  });
  const check = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    async write(chunk) {
      const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      await new Promise<void>((resolve, reject) =>
        gzip.write(bytes, (error) => (error ? reject(error) : resolve())),
      );
      check();
    },
    async finish() {
      gzip.end();
      await once(gzip, "end");
      check();
      target.finish();
    },
  };
}
