/**
 * Gives back the memory of a buffer that nobody will use again, at once and not when the collector comes by: it counts little of what lies outside its heap, and
 * 32 MB of slices may wait in each thread. Without effect where the platform has no `ArrayBuffer.prototype.transfer` (ES2024).
 */
export function freeBuffer(buffer: ArrayBufferLike): void {
  const { transfer } = buffer as { transfer?: (bytes: number) => unknown };
  transfer?.call(buffer, 0);
}
