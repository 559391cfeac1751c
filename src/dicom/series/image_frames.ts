import type { ByteSource } from "../../core/byte_source.js";

/** Stored values of one volume of an image file, as their bytes lie in memory. */
export type StoredVolume = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/**
 * The volumes of an image file as sources of their frames, for files whose voxels have to be unpacked, turned
 * over or converted first: by `load`, when a frame is first asked for. They are held until each frame has
 * been read, since frames are read once and one by one, and given to the garbage collector then.
 */
export function frameSources(
  { name }: ByteSource,
  volumes: number,
  frames: number,
  bytesPerFrame: number,
  load: () => Promise<readonly StoredVolume[]>,
): readonly ByteSource[] {
  let held: Promise<readonly StoredVolume[]> | undefined;
  const toRead = new Set<number>();
  const all = () => {
    if (held) return held;
    for (let frame = 0; frame < volumes * frames; frame++) toRead.add(frame);
    const loading = load();
    held = loading;
    loading.catch(() => {
      if (held === loading) held = undefined;
    });
    return loading;
  };
  return Array.from({ length: volumes }, (_, volume) => ({
    name,
    size: frames * bytesPerFrame,
    async read(start: number, end: number) {
      const { buffer, byteOffset, byteLength } = (await all())[volume];
      const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice(start, end);
      toRead.delete(volume * frames + Math.floor(start / bytesPerFrame));
      if (toRead.size === 0) held = undefined;
      return bytes;
    },
  }));
}
