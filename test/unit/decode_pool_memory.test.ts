import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { DecodeReply } from "../../src/decode/pool/messages.js";
import { firstDifference } from "../support/arrays.js";
import { channelWorker } from "../support/channel_worker.js";
import { jpegJob, openPool, ROWS, rawJob, scriptedWorker, turn, values } from "../support/decode_pools.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

describe("memory", () => {
  const output = { kind: "hu", rescale: { slope: 1, intercept: -1024 } } as const;
  const bytes = ROWS * 32 * 2;
  const dirty = (shareMemory: boolean, length = bytes) => {
    const memory = openPool(() => channelWorker(), 1, { shareMemory }).createMemory(length);
    new Uint8Array(memory).fill(0xa5);
    return memory;
  };

  test("shared memory is written to in place, and the next job writes to it again", async () => {
    const pool = openPool(() => channelWorker(), 1, { shareMemory: true });
    const memory = dirty(true);
    expect(memory).toBeInstanceOf(SharedArrayBuffer);
    for (const seed of [1, 2, 3]) {
      const plain = await pool.decode({ ...jpegJob(seed), output });
      const hu = await pool.decode({ ...jpegJob(seed), output, memory });
      expect(hu.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(firstDifference(hu, plain)).toBe(-1);
      expect(firstDifference(new Int16Array(memory), plain)).toBe(-1);
    }
  });

  test("memory that is not shared goes to the worker and comes back with the values", async () => {
    const replies: DecodeReply[] = [];
    const pool = openPool(() => channelWorker(replies), 1);
    let memory = dirty(false, bytes + 64);
    for (const job of [jpegJob(1), rawJob(2)]) {
      const plain = await pool.decode({ ...job, bytes: job.bytes.slice(), output });
      const given = memory;
      const hu = await pool.decode({ ...job, output, memory: given });
      expect(given.byteLength).toBe(0);
      expect(hu.buffer.byteLength).toBe(bytes + 64);
      expect(firstDifference(hu, plain)).toBe(-1);
      memory = hu.buffer;
    }
    expect(replies.every((reply) => "values" in reply && reply.values.buffer.byteLength === 0)).toBe(true);
  });

  test.each([true, false])("too small memory is left alone (shared: %s)", async (shareMemory) => {
    const pool = openPool(() => channelWorker(), 1, { shareMemory });
    const small = dirty(shareMemory, bytes - 2);
    const hu = await pool.decode({ ...jpegJob(4), output, memory: small });
    expect(hu.buffer).toBeInstanceOf(ArrayBuffer);
    expect(hu.byteLength).toBe(bytes);
    if (shareMemory) expect(new Uint8Array(small).every((byte) => byte === 0xa5)).toBe(true);
  });

  test("memory given away before, or given to two jobs at once, costs nobody a frame", async () => {
    const pool = openPool(() => channelWorker(), 1);
    const memory = dirty(false);
    const both = [5, 6].map((seed) => pool.decode({ ...jpegJob(seed), memory }));
    const after = Promise.all(both).then(() => pool.decode({ ...jpegJob(7), memory }));
    for (const [i, got] of [...(await Promise.all(both)), await after].entries()) {
      expect(firstDifference(got, values(5 + i))).toBe(-1);
    }
  });

  test("a destroyed pool holds nothing of its jobs: neither bytes nor memory", async () => {
    const script = scriptedWorker(false);
    const pool = openPool(() => script.worker, 1, { shareMemory: true });
    const start = (seed: number) => {
      const job = { ...rawJob(seed), memory: pool.createMemory(bytes) };
      pool.decode(job).catch(() => {});
      return [job, job.memory, job.bytes.buffer].map((part) => new WeakRef<object>(part));
    };
    const held = [1, 2, 3, 4, 5, 6].flatMap(start);
    await turn();
    collectGarbage();
    expect(held.filter((ref) => ref.deref())).toHaveLength(18);
    pool.destroy();
    await turn();
    collectGarbage();
    expect(held.filter((ref) => ref.deref())).toHaveLength(0);
    expect(script.terminated()).toBe(true);
  });
});
