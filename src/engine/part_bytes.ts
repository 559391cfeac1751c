import type { EngineLimits } from "./engine.js";

/** Bindings start on multiples of it, on any device. */
const ALIGNMENT = 256;

/**
 * How a buffer that is larger than the device takes is cut: bytes of a part, which one binding takes as a
 * whole. Parts are of whole units (slices), as many as `slabsOf` makes a slab of, so that passes over slabs
 * seldom cross from one part to the next; and of whole alignments, so that parts begin where bindings may.
 * Units so large or odd that no part holds enough of them are cut anywhere.
 */
export function partBytes({ maxBufferBytes, maxBindingBytes }: PartLimits, unitBytes = ALIGNMENT): number {
  const most = Math.min(maxBufferBytes, maxBindingBytes - ALIGNMENT);
  const lowestBit = (unitBytes % 2 ** 32) & -(unitBytes % 2 ** 32);
  const step = unitBytes * (ALIGNMENT / Math.min(ALIGNMENT, Math.abs(lowestBit) || ALIGNMENT));
  const whole = step <= most ? step : ALIGNMENT;
  return Math.max(ALIGNMENT, Math.floor(most / whole) * whole);
}

type PartLimits = Pick<EngineLimits, "maxBufferBytes" | "maxBindingBytes">;
