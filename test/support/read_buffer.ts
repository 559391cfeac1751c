import { unwatched } from "../../src/engine/gpu/error_watch.js";
import { readBuffers } from "../../src/engine/gpu/readback.js";
import { MemoryLedger } from "../../src/engine/memory_ledger.js";

/** The bytes of a device's buffer. */
export async function readBuffer(
  device: GPUDevice,
  source: GPUBuffer,
  bytes = source.size,
): Promise<ArrayBuffer> {
  const into = new ArrayBuffer(bytes);
  const reading = { source, offset: 0, bytes, into: new Uint8Array(into) };
  await readBuffers(device, new MemoryLedger(), [reading], (waiting) => waiting, unwatched);
  return into;
}
