import type { DecodePool } from "../../src/decode/pool/pool.js";
import type { EngineBuffer } from "../../src/engine/engine.js";
import { MemoryLedger } from "../../src/engine/memory_ledger.js";
import type { CtEngine } from "../../src/volume/ct_engine.js";

/**
 * An engine of one buffer in this process's memory, which holds what is written and can do nothing with it.
 */
export function plainEngine(decoder: DecodePool): CtEngine {
  let contents = new ArrayBuffer(0);
  const none = () => Promise.reject(new Error("a plain engine runs nothing"));
  return {
    adapter: { vendor: "", architecture: "", name: "plain", software: true },
    capabilities: { processor: "gpu", threads: 1, rendering: false },
    limits: {
      maxBufferBytes: 2 ** 28,
      maxBindingBytes: 2 ** 28,
      slabVoxels: 2 ** 20,
      readVoxels: 2 ** 20,
      blockVoxels: 2 ** 20,
    },
    memory: new MemoryLedger(),
    decoder,
    async allocate(label, bytes): Promise<EngineBuffer> {
      contents = new ArrayBuffer(bytes);
      return { label, bytes, isDestroyed: false, destroy() {} };
    },
    write(_buffer, offsetBytes, { buffer, byteOffset, byteLength }) {
      new Uint8Array(contents, offsetBytes).set(new Uint8Array(buffer, byteOffset, byteLength));
    },
    read: async () => contents,
    run: none,
    idle: async () => {},
    destroy() {},
  };
}
