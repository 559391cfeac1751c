import { createHash } from "node:crypto";
import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import type { FrameDescription } from "../../core/frame.js";
import { prefetch } from "../../core/prefetch.js";
import { describeBareCodestream, isBareCodestream } from "../../decode/bare_codestream.js";
import type { StoredValues } from "../../decode/codecs/common/codec.js";
import { toPlainError } from "../../decode/pool/messages.js";
import { frameDescription } from "../../dicom/image/frame_description.js";
import { parseImage } from "../../dicom/image/parse_header.js";
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
   * Of the stored values as little-endian numbers of BitsAllocated bits, sign-extended where they are signed,
   * frames one after the other, without padding.
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

/**
 * Decodes one file frame by frame; a refusal of any kind becomes its line. Rejects with the signal's reason
 * only.
 */
export async function decodeFile(input: DecodeInput, options: DecodeFileOptions): Promise<DecodeLine> {
  const { file } = input;
  // Before anything is waited for, so that names follow the order of the files.
  const npy = options.folder && "source" in input ? options.nameNpy(input.shortName) : undefined;
  try {
    if ("refusal" in input) throw input.refusal;
    const { description, numberOfFrames, frames } = await openImage(input.source, options);
    const { transferSyntax, rows, columns, bitsAllocated } = description;
    const npyHead = npyHeader(npyOf(description, numberOfFrames));
    const values = await gather(frames, npy ? { folder: options.folder!, npy, npyHead } : undefined);
    return {
      file,
      ok: true,
      transferSyntax,
      rows,
      columns,
      frames: numberOfFrames,
      bitsAllocated,
      ...values,
      npy,
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message, fields } = toPlainError(error);
    const { tag, frame, transferSyntax, offset } = fields;
    return { file, ok: false, error: { code, message, tag, frame, transferSyntax, offset } };
  }
}

interface OpenImage {
  readonly description: FrameDescription;
  readonly numberOfFrames: number;
  readonly frames: AsyncIterable<StoredValues>;
}

async function openImage(source: ByteSource, options: DecodeFileOptions): Promise<OpenImage> {
  if (isBareCodestream(await source.read(0, 4))) {
    const bytes = await readExactly(source, 0, source.size);
    const description = describeBareCodestream(bytes, source.name);
    const only = async () => options.decode(bytes, description, source.name);
    return { description, numberOfFrames: 1, frames: prefetch(1, 0, only) };
  }
  const header = await parseImage(source);
  const { numberOfFrames } = header;
  return { description: frameDescription(header), numberOfFrames, frames: storedFrames(header, options) };
}

interface NpyTarget {
  readonly folder: OutputFolder;
  readonly npy: string;
  readonly npyHead: Uint8Array;
}

/** Runs through the frames once: hash, statistics and file together. */
async function gather(frames: AsyncIterable<StoredValues>, target: NpyTarget | undefined) {
  const hash = createHash("sha256");
  const statistics = statisticsOf();
  const chunks = hashed(statistics.through(frames), hash);
  if (target) await target.folder.write(target.npy, chunks, target.npyHead);
  else for await (const _ of chunks);
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

function npyOf(description: FrameDescription, numberOfFrames: number): NpyDescription {
  const { bitsAllocated, pixelRepresentation, rows, columns } = description;
  const shape = numberOfFrames === 1 ? [rows, columns] : [numberOfFrames, rows, columns];
  return { dtype: NPY_TYPES[`${bitsAllocated},${pixelRepresentation}`], shape };
}
