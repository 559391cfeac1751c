import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { FrameDescription } from "../../src/core/frame.js";
import { frameDescription } from "../../src/dicom/image/frame_description.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { readFrame } from "../../src/dicom/image/pixel_data.js";
import { corpusFile, corpusManifest, hasCorpus } from "./dicom_data.js";
import { dataFolder } from "./dicom_fragments.js";

/** The rows of the corpus' manifest in these transfer syntaxes; none without ../shared/data. */
export function rowsOf(transferSyntaxes: readonly string[]): Record<string, string>[] {
  if (!hasCorpus) return [];
  return corpusManifest().filter((row) => transferSyntaxes.includes(row.transfer_syntax));
}

/** The encoded frames of a file of the corpus, and what its header says of them. */
export async function corpusFrames(
  file: string,
): Promise<{ readonly frame: FrameDescription; readonly frames: readonly Uint8Array[] }> {
  const header = await parseSlice(corpusFile(file));
  const indices = Array.from({ length: header.numberOfFrames }, (_, i) => i);
  const frames = await Promise.all(indices.map((i) => readFrame(header, i)));
  return { frame: frameDescription(header), frames };
}

/**
 * Hash of values as the README of the corpus gives it: little-endian bytes of the container, frame after
 * frame.
 */
export function valuesSha256(frames: readonly ArrayBufferView[]): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of frames) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

/**
 * What other decoders made of a lossy file, in the container its header gives; undefined where the corpus has
 * none.
 */
export function lossyReference(file: string, frame: FrameDescription): ArrayLike<number> | undefined {
  const name = path.join(dataFolder, `dicom-corpus/lossy-reference/${file.replaceAll("/", "_")}.raw.gz`);
  if (!existsSync(name)) return undefined;
  const { buffer } = new Uint8Array(gunzipSync(readFileSync(name)));
  const signed = frame.pixelRepresentation === 1;
  if (frame.bitsAllocated === 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
}

/** Largest and mean absolute difference of two equally long arrays. */
export function differenceOf(got: ArrayLike<number>, wanted: ArrayLike<number>) {
  if (got.length !== wanted.length) throw new Error(`${got.length} values, ${wanted.length} expected`);
  let [largest, sum] = [0, 0];
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs(got[i] - wanted[i]);
    largest = Math.max(largest, difference);
    sum += difference;
  }
  return { largest, mean: sum / got.length };
}
