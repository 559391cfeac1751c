import type { BufferRange, EngineBuffer } from "../engine.js";

/**
 * What a buffer of the engine is on a device: one WebGPU buffer, or where that would be too large several of
 * `partBytes` each, the last of what is left.
 */
export interface BufferParts {
  readonly parts: readonly GPUBuffer[];
  readonly partBytes: number;
}

/** Bytes of one part. */
export interface Stretch {
  readonly source: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** What bytes from `offset` are, part by part. */
export function stretchesOf({ parts, partBytes }: BufferParts, offset: number, bytes: number): Stretch[] {
  const stretches: Stretch[] = [];
  const end = offset + bytes;
  for (let at = offset; at < end; ) {
    const part = Math.floor(at / partBytes);
    const next = Math.min(end, (part + 1) * partBytes);
    stretches.push({ source: parts[part], offset: at - part * partBytes, bytes: next - at });
    at = next;
  }
  return stretches;
}

/** Where a pass finds what it binds: several places where that crosses from one part to the next. */
export function placesOf(
  bound: EngineBuffer | BufferRange,
  partsOf: (buffer: EngineBuffer) => BufferParts,
): Stretch[] {
  if ("buffer" in bound) return stretchesOf(partsOf(bound.buffer), bound.offsetBytes, bound.bytes);
  return stretchesOf(partsOf(bound), 0, bound.bytes);
}
