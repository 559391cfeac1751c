import { afterEach } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import type { DecodeJob } from "../../src/decode/pool/decode_job.js";
import type { DecodeReply, DecodeRequest } from "../../src/decode/pool/messages.js";
import { createDecodePool, type DecodePool, type DecodePoolOptions } from "../../src/decode/pool/pool.js";
import type { WorkerLike } from "../../src/decode/pool/worker_like.js";
import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";

export const ROWS = 24;
export const COLUMNS = 31;
export const jpegFrame: FrameDescription = {
  transferSyntax: "1.2.840.10008.1.2.4.70",
  rows: ROWS,
  columns: COLUMNS,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
};
export const rawFrame: FrameDescription = { ...jpegFrame, transferSyntax: "1.2.840.10008.1.2.1" };

export function values(seed: number): Uint16Array {
  return Uint16Array.from({ length: ROWS * COLUMNS }, (_, i) => (i * 37 + seed * 911) % 4096);
}

export function jpegJob(seed: number): DecodeJob {
  const bytes = encodeJpegLossless(values(seed), { rows: ROWS, columns: COLUMNS, precision: 12 });
  return { bytes, frame: jpegFrame, output: { kind: "stored" }, label: `slice-${seed}.dcm` };
}

export function rawJob(seed: number): DecodeJob {
  return { ...jpegJob(seed), bytes: new Uint8Array(values(seed).buffer), frame: rawFrame };
}

const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

export function openPool(
  spawn: () => WorkerLike,
  size: number,
  options: Partial<DecodePoolOptions> = {},
): DecodePool {
  const pool = createDecodePool({ spawn, size, ...options });
  pools.push(pool);
  return pool;
}

/**
 * A worker that does nothing until it is told: its requests are recorded, its replies and its end are the
 * test's.
 */
export function scriptedWorker(record = true) {
  const requests: DecodeRequest[] = [];
  let onMessage: (data: unknown) => void = () => {};
  let onFailure: (reason: Error) => void = () => {};
  let terminated = false;
  const worker: WorkerLike = {
    post(message) {
      if (record) requests.push(message as DecodeRequest);
    },
    listen(message, failure) {
      onMessage = message;
      onFailure = failure;
    },
    terminate() {
      terminated = true;
    },
  };
  return {
    worker,
    requests,
    sent: () => requests.flatMap(({ tasks }) => tasks.map(({ id }) => id)),
    answer: (...ids: number[]) =>
      onMessage(ids.map((id): DecodeReply => ({ id, values: Uint16Array.of(id) }))),
    die: (message: string) => onFailure(new Error(message)),
    terminated: () => terminated,
  };
}

export const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
