import type { FrameDescription } from "../../../core/frame.js";
import { copyOut } from "../common/frame_memory.js";
import type { PackKernel } from "../common/pack_kernel.js";
import type { PackedOutput, PackedValues } from "../common/packed_codec.js";
import { storedBits } from "../common/stored_bits.js";
import type { Codestream } from "./codestream.js";

/**
 * Whether a code stream is decoded as if it were unsigned: both packages clamp signed samples of a byte to 0
 * .. 255. Without its mark in the header the samples come 2^(precision - 1) higher (the DC level shift of
 * T.800 G.1.2), which is undone here.
 */
export function isDecodedUnsigned({ signed, precision }: Codestream): boolean {
  return signed && precision <= 8;
}

/**
 * Decoded samples, little-endian, one byte each up to a precision of 8 bits and else two, to what leaves the
 * codec: the code stream gives the bits, the header their meaning (where they lie in a sample, how many
 * count, whether they are signed).
 */
export function packSamples(
  kernel: PackKernel,
  decoded: Uint8Array,
  codestream: Codestream,
  frame: FrameDescription,
  output: PackedOutput,
): PackedValues {
  const { rows, columns, precision } = codestream;
  const clip = clipOf(codestream, frame);
  if (!clip && isPlain(codestream, frame, output)) {
    return { values: copyOut(wordsOf(decoded), output.memory), low: 0, high: 0 };
  }
  const samples = kernel.take(rows * columns * 2);
  const values = kernel.take(rows * output.pitch * 2);
  const { buffer } = kernel.bytes();
  const words = new Uint16Array(buffer, samples, rows * columns);
  words.set(precision > 8 ? wordsOf(decoded) : decoded);
  if (clip) kernel.run.clip_samples(samples, words.length, clip.least, clip.most, clip.isSigned);
  if (isDecodedUnsigned(codestream)) for (let i = 0; i < words.length; i++) words[i] ^= 1 << (precision - 1);
  const range = new Int32Array(buffer, kernel.range, 2);
  range.set([2 ** 31 - 1, -(2 ** 31)]);
  const { right, mask, sign } = storedBits(frame, precision);
  const { pitch, slope, intercept } = output;
  const { pack_rows } = kernel.run;
  pack_rows(samples, values, rows, columns, pitch, 0, right, mask, sign, slope, intercept, kernel.range);
  const [low, high] = range;
  return { values: copyOut(new Uint16Array(buffer, values, rows * pitch), output.memory), low, high };
}

/** Samples that are the stored values already, wanted as they are: their range then does not matter. */
function isPlain({ precision, signed }: Codestream, frame: FrameDescription, output: PackedOutput): boolean {
  if (precision <= 8 || precision > frame.bitsStored || frame.highBit + 1 !== frame.bitsStored) return false;
  const { slope, intercept, pitch } = output;
  const asStored = slope === 1 && intercept === 0 && pitch === frame.columns;
  return asStored && signed === (frame.pixelRepresentation === 1);
}

/**
 * OpenJPH clips to whole bytes only, where the standard asks for clipping to the precision (T.800 G.1.2, as
 * OpenJPEG does): a damaged stream goes beyond it, a lossy one may, and the bits above would be cut off,
 * which makes black of white.
 */
function clipOf({ highThroughput, precision, signed }: Codestream, frame: FrameDescription) {
  const bits = isBeyondLossy(precision, signed, frame) ? frame.bitsStored : precision;
  if (bits === precision && (!highThroughput || precision === 8 || precision === 16)) return undefined;
  // Up to 8 bits the samples are unsigned yet.
  const isSigned = signed && precision > 8;
  const most = 2 ** (isSigned ? bits - 1 : bits) - 1;
  return { isSigned, least: isSigned ? -most - 1 : 0, most };
}

/**
 * Whether samples of a lossy stream may be a little beyond the bits that the header stores, and are clipped
 * to these, too. In a stream without loss bits beyond are not of the values (PS3.5 8.1.1).
 */
function isBeyondLossy(precision: number, signed: boolean, frame: FrameDescription): boolean {
  const { bitsStored, highBit, pixelRepresentation, transferSyntax } = frame;
  if (precision <= bitsStored || precision <= 8 || highBit !== bitsStored - 1) return false;
  return /\.4\.(91|203)$/.test(transferSyntax) && signed === (pixelRepresentation === 1);
}

/** The decoder aligns its buffers to more than two bytes. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length / 2);
}
