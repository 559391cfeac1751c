import type { MemoryLedger } from "../memory_ledger.js";
import { bufferUsage, mapModeRead } from "./constants.js";

/** 16 MiB at a time: enough to hide the round trip, small beside any volume. */
const stagingBytes = 16 * 2 ** 20;

/** Copies `bytes` from `offset` of a buffer to `into`, new memory by default, through a bounded staging buffer. */
export async function readBuffer(
  device: GPUDevice,
  memory: MemoryLedger,
  source: GPUBuffer,
  offset: number,
  bytes: number,
  into = new ArrayBuffer(bytes),
): Promise<ArrayBuffer> {
  const result = new Uint8Array(into);
  const size = Math.min(bytes, stagingBytes);
  if (size === 0) return into;
  const staging = device.createBuffer({
    label: "readback",
    size,
    usage: bufferUsage.mapRead | bufferUsage.copyDestination,
  });
  const release = memory.take("readback", size);
  try {
    for (let done = 0; done < bytes; done += size) {
      const count = Math.min(size, bytes - done);
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(source, offset + done, staging, 0, count);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(mapModeRead, 0, count);
      result.set(new Uint8Array(staging.getMappedRange(0, count)), done);
      staging.unmap();
    }
  } finally {
    staging.destroy();
    release();
  }
  return into;
}
