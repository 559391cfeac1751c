import type { MemoryLedger } from "../memory_ledger.js";
import { bufferUsage, MAP_MODE_READ } from "./constants.js";
import type { ErrorWatch } from "./error_watch.js";

/** 16 MiB at a time: enough to hide the round trip, small beside any volume. */
export const STAGING_BYTES = 16 * 2 ** 20;

/** A stretch of a buffer, and where its bytes go. */
export interface Reading {
  readonly source: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
  readonly into: Uint8Array;
}

/** How a promise of the queue is waited for. */
type Wait = <T>(waiting: Promise<T>) => Promise<T>;

/** Copies stretches of buffers through one bounded staging buffer: as many round trips as it is filled. */
export async function readBuffers(
  device: GPUDevice,
  memory: MemoryLedger,
  readings: readonly Reading[],
  wait: Wait,
  during: ErrorWatch["during"],
): Promise<void> {
  const size = Math.min(
    readings.reduce((sum, { bytes }) => sum + bytes, 0),
    STAGING_BYTES,
  );
  if (size === 0) return;
  const usage = bufferUsage.mapRead | bufferUsage.copyDestination;
  const staging = during(() => device.createBuffer({ label: "readback", size, usage }));
  const release = memory.take("readback", size);
  try {
    for (const load of loadsOf(readings, size)) {
      during(() => {
        const encoder = device.createCommandEncoder();
        for (const { source, offset, bytes, at } of load)
          encoder.copyBufferToBuffer(source, offset, staging, at, bytes);
        device.queue.submit([encoder.finish()]);
      });
      const [last] = load.slice(-1);
      const filled = last.at + last.bytes;
      await wait(staging.mapAsync(MAP_MODE_READ, 0, filled));
      const mapped = new Uint8Array(staging.getMappedRange(0, filled));
      for (const { at, bytes, into, done } of load) into.set(mapped.subarray(at, at + bytes), done);
      staging.unmap();
    }
  } finally {
    staging.destroy();
    release();
  }
}

/**
 * A part of a reading that lies `at` in the staging buffer, and of which so many bytes were `done` before.
 */
interface Piece extends Reading {
  readonly at: number;
  readonly done: number;
}

/** What goes through a staging buffer of `size` bytes each time, in order. */
function loadsOf(readings: readonly Reading[], size: number): Piece[][] {
  const loads: Piece[][] = [[]];
  let at = 0;
  for (const { source, offset, bytes, into } of readings) {
    for (let done = 0; done < bytes; ) {
      if (at === size) {
        loads.push([]);
        at = 0;
      }
      const count = Math.min(bytes - done, size - at);
      loads[loads.length - 1].push({ source, offset: offset + done, bytes: count, into, at, done });
      done += count;
      at += count;
    }
  }
  return loads;
}
