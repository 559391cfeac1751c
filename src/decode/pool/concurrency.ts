import type { FrameDescription } from "../../core/frame.js";

/** A worker by itself: its heap and code, its codec's tables, frames on their way. */
const WORKER_BYTES = 16 * 2 ** 20;
/**
 * What a sample takes while its frame is decoded by the hungriest codec (JPEG 2000, which is limited to
 * that).
 */
const BYTES_A_SAMPLE = 28;

/**
 * How many of `size` workers may decode frames like this at a time so that together they take at most
 * `memoryBytes`; at least 1.
 */
export function workersFor(
  { rows, columns }: Pick<FrameDescription, "rows" | "columns">,
  size: number,
  memoryBytes: number,
): number {
  const bytes = WORKER_BYTES + rows * columns * BYTES_A_SAMPLE;
  return Math.max(1, Math.min(size, Math.floor(memoryBytes / bytes)));
}
