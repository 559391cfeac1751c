import { createHash } from "node:crypto";
import type { StoredValues } from "../../decode/frame.js";
import { toPlainError } from "../../decode/messages.js";
import { parseSlice } from "../../dicom/parse.js";
import type { SliceHeader } from "../../dicom/slice.js";
import { type NpyDescription, type NpyType, npyHeader } from "../../formats/npy.js";
import { type StoredFramesOptions, storedFrames } from "../../volume/stored_frames.js";
import type { DecodeInput } from "./decode_inputs.js";
import type { OutputFolder } from "./output_folder.js";
import { type Statistics, statisticsOf } from "./statistics.js";

/** What `decode` says of one file: one line of its JSON. */
export type DecodeLine = DecodedLine | RefusedLine;

export interface DecodedLine extends Statistics {
  readonly file: string;
  readonly ok: true;
  readonly transferSyntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly bitsAllocated: number;
  /**
   * Of the stored values as little-endian numbers of BitsAllocated bits, sign-extended where they are signed, frames one after the other,
   * without padding.
   */
  readonly valuesSha256: string;
  /** Name in the output folder. */
  readonly npy?: string;
}

export interface RefusedLine {
  readonly file: string;
  readonly ok: false;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly tag?: string;
    readonly frame?: number;
    readonly transferSyntax?: string;
    readonly offset?: number;
  };
}

export interface DecodeFileOptions extends StoredFramesOptions {
  readonly folder?: OutputFolder;
  readonly nameNpy: (shortName: string) => string;
}

/** Decodes one file frame by frame; a refusal of any kind becomes its line. Rejects with the signal's reason only. */
export async function decodeFile(input: DecodeInput, options: DecodeFileOptions): Promise<DecodeLine> {
  const { file } = input;
  // Before anything is waited for, so that names follow the order of the files.
  const npy = options.folder && "source" in input ? options.nameNpy(input.shortName) : undefined;
  try {
    if ("refusal" in input) throw input.refusal;
    const header = await parseSlice(input.source);
    const { transferSyntax, rows, columns, numberOfFrames: frames, bitsAllocated } = header;
    const values = await decodeValues(header, options, npy);
    return { file, ok: true, transferSyntax, rows, columns, frames, bitsAllocated, ...values, npy };
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message, fields } = toPlainError(error);
    const { tag, frame, transferSyntax, offset } = fields;
    return { file, ok: false, error: { code, message, tag, frame, transferSyntax, offset } };
  }
}

async function decodeValues(header: SliceHeader, options: DecodeFileOptions, npy: string | undefined) {
  const hash = createHash("sha256");
  const statistics = statisticsOf();
  const frames = hashed(statistics.through(storedFrames(header, options)), hash);
  if (options.folder && npy) await options.folder.write(npy, frames, npyHeader(npyOf(header)));
  else for await (const _ of frames);
  return { valuesSha256: hash.digest("hex"), ...statistics.result() };
}

/** The frames' bytes, hashed as they pass. */
async function* hashed(
  frames: AsyncIterable<StoredValues>,
  hash: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const { buffer, byteOffset, byteLength } of frames) {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    hash.update(bytes);
    yield bytes;
  }
}

const NPY_TYPES: Readonly<Record<string, NpyType>> = {
  ...{ "8,0": "|u1", "16,0": "<u2", "32,0": "<u4" },
  ...{ "8,1": "|i1", "16,1": "<i2", "32,1": "<i4" },
};

function npyOf({
  bitsAllocated,
  pixelRepresentation,
  numberOfFrames,
  rows,
  columns,
}: SliceHeader): NpyDescription {
  const shape = numberOfFrames === 1 ? [rows, columns] : [numberOfFrames, rows, columns];
  return { dtype: NPY_TYPES[`${bitsAllocated},${pixelRepresentation}`], shape };
}
