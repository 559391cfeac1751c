import type { Engine } from "../engine/engine.js";

/**
 * Whether slices may come in memory that the workers share with the page: only a cross-origin isolated page
 * may have such memory, and not every browser's WebGPU takes it.
 */
export async function takesSharedMemory(engine: Engine): Promise<boolean> {
  if (!globalThis.crossOriginIsolated) return false;
  const buffer = await engine.allocate("shared memory", 4);
  try {
    engine.write(buffer, 0, new Uint8Array(new SharedArrayBuffer(4)));
    return true;
  } catch {
    return false;
  } finally {
    buffer.destroy();
  }
}
