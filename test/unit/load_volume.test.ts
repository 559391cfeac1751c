import { afterEach, describe, expect, test } from "vitest";
import type { Control } from "../../src/core/control.js";
import { createDecodePool, type DecodeJob, type DecodePool } from "../../src/decode/pool.js";
import { bytesSource } from "../../src/dicom/byte_source.js";
import { readSeries } from "../../src/dicom/series.js";
import type { EngineBuffer } from "../../src/engine/engine.js";
import { MemoryLedger } from "../../src/engine/memory_ledger.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import type { CtEngine } from "../../src/volume/ct_engine.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { firstDifference } from "../support/arrays.js";
import { channelWorker } from "../support/channel_worker.js";

const size = [35, 24, 30] as const;
const phantom = chestPhantom({ size });
const files = [...phantomSeries(phantom)].map(({ name, bytes }) => bytesSource(name, bytes));

const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

function openPool(shareMemory: boolean): DecodePool {
  const pool = createDecodePool({ spawn: () => channelWorker(), size: 2, shareMemory });
  pools.push(pool);
  return pool;
}

/** An engine of one buffer in this process's memory, which holds what is written and can do nothing with it. */
function plainEngine(decoder: DecodePool): CtEngine {
  let contents = new ArrayBuffer(0);
  const none = () => Promise.reject(new Error("a plain engine runs nothing"));
  return {
    adapter: { vendor: "", architecture: "", name: "plain", software: true },
    capabilities: { processor: "gpu", threads: 1, rendering: false },
    limits: { maxBufferBytes: 2 ** 28, maxBindingBytes: 2 ** 28, slabVoxels: 2 ** 20, blockVoxels: 2 ** 20 },
    memory: new MemoryLedger(),
    decoder,
    async allocate(label, bytes): Promise<EngineBuffer> {
      contents = new ArrayBuffer(bytes);
      return { label, bytes, destroy() {} };
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

describe.each([false, true])("memory of the slices (shared: %s)", (shareMemory) => {
  test("eight buffers, four a worker, carry all of them, and the volume is exact", async () => {
    const pool = openPool(shareMemory);
    const created: number[] = [];
    const given: number[] = [];
    const decoder = {
      ...pool,
      createMemory(bytes: number) {
        created.push(bytes);
        return pool.createMemory(bytes);
      },
      decode(job: DecodeJob, control?: Control) {
        given.push(job.memory?.byteLength ?? 0);
        return pool.decode(job, control);
      },
    };
    const [series] = await readSeries(files);
    const volume = await loadVolume(
      plainEngine({ ...decoder, decode: decoder.decode as DecodePool["decode"] }),
      series,
    );
    const hu = await volume.read();
    for (let z = 0; z < size[2]; z++) {
      const slice = hu.subarray(z * size[0] * size[1], (z + 1) * size[0] * size[1]);
      expect(firstDifference(slice, phantom.slice(z))).toBe(-1);
    }
    const sliceBytes = 36 * 24 * 2;
    expect(created).toEqual(Array(8).fill(sliceBytes));
    expect(given).toEqual(Array(size[2]).fill(sliceBytes));
  });
});
