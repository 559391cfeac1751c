import type { EngineLimits } from "../engine.js";
import { partBytes } from "../part_bytes.js";
import type { BufferParts } from "./buffer_parts.js";

/** Memory in several buffers, each of which `createOne` gives. What it throws leaves nothing behind. */
export async function createParts(
  limits: EngineLimits,
  bytes: number,
  unitBytes: number | undefined,
  createOne: (bytes: number) => Promise<GPUBuffer>,
): Promise<BufferParts> {
  const most = partBytes(limits, unitBytes);
  const parts: GPUBuffer[] = [];
  try {
    for (let at = 0; at < bytes; at += most) parts.push(await createOne(Math.min(most, bytes - at)));
  } catch (error) {
    for (const part of parts) part.destroy();
    throw error;
  }
  return { parts, partBytes: most };
}
