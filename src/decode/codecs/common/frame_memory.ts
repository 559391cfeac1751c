import { type FrameDescription, rowPitch } from "../../../core/frame.js";

// Memory that the caller gives for the values of a frame, to be used for one frame after the other: the pages
// of a new buffer cost up to 0.3 ms a slice of 512 x 512, half of what decoding it takes. It is a matter of
// speed only: what is too small is left alone.

/** Bytes of a frame as int16 HU, in rows of `rowPitch(columns)` voxels. */
export function huBytes({ rows, columns }: Pick<FrameDescription, "rows" | "columns">): number {
  return rows * rowPitch(columns) * 2;
}

/** The start of `memory` where that holds `bytes`, else zeroed memory. */
export function memoryOf(bytes: number, memory?: ArrayBufferLike): ArrayBufferLike {
  return memory && memory.byteLength >= bytes ? memory : new ArrayBuffer(bytes);
}

/** Values out of a kernel's memory, which the next frame overwrites, to where they stay. */
export function copyOut(values: Uint16Array, memory?: ArrayBufferLike): Uint16Array {
  if (!memory || memory.byteLength < values.byteLength) return values.slice();
  const out = new Uint16Array(memory, 0, values.length);
  out.set(values);
  return out;
}
