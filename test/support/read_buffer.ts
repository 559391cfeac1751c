import { readBuffers } from "../../src/engine/gpu/readback.js";
import { MemoryLedger } from "../../src/engine/memory_ledger.js";

/** The bytes of a device's buffer. */
export async function readBuffer(
  device: GPUDevice,
  source: GPUBuffer,
  bytes = source.size,
): Promise<ArrayBuffer> {
  const into = new ArrayBuffer(bytes);
  await readBuffers(device, new MemoryLedger(), [{ source, offset: 0, bytes, into }], (waiting) => waiting);
  return into;
}
