import { afterEach, describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Control } from "../../src/core/control.js";
import type { DecodeJob } from "../../src/decode/pool/decode_job.js";
import { createDecodePool, type DecodePool } from "../../src/decode/pool/pool.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { firstDifference } from "../support/arrays.js";
import { channelWorker } from "../support/channel_worker.js";
import { plainEngine } from "../support/plain_engine.js";
import { readSeries } from "../support/read_series.js";

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
