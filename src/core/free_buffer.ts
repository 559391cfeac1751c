/**
 * Gives back the memory of a buffer that nobody will use again, at once and not when the collector comes by:
 * it counts little of what lies outside its heap, and 32 MB of slices may wait in each thread. Without effect
 * where the platform has no `ArrayBuffer.prototype.transfer` (ES2024), and where the buffer was given away
 * already: a buffer that is gone is free.
 */
export function freeBuffer(buffer: ArrayBufferLike): void {
  const { transfer, detached } = buffer as { transfer?: (bytes: number) => unknown; detached?: boolean };
  if (!detached) transfer?.call(buffer, 0);
}
