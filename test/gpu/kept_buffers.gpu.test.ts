import { expect, test } from "vitest";
import type { GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { keepingFreed, together } from "../../src/engine/round_trips.js";
import { testEngine } from "../support/gpu.js";
import { countRoundTrips } from "../support/round_trips.js";

// What is counted is of whole buffers.
const engine = testEngine({});
const ones = new Uint32Array(256).fill(1);

async function sumOf(on: GpuEngine, label: string, contents?: "unwritten"): Promise<number> {
  const buffer = await on.allocate(label, 1024, contents);
  const words = new Uint32Array(await on.read(buffer, 0, 1024));
  on.write(buffer, 0, ones);
  buffer.destroy();
  return words.reduce((sum, word) => sum + word, 0);
}

test("a freed buffer serves again while a task keeps it, zeroed unless it may hold anything; then nothing is left", async () => {
  const on = await engine();
  const trips = countRoundTrips(on.device);
  const sums: number[] = [];
  const { scopes } = await trips.during(() =>
    keepingFreed(on, async () => {
      for (const contents of [undefined, undefined, "unwritten", undefined] as const)
        sums.push(await sumOf(on, "words", contents));
      expect(on.memory.snapshot()).toEqual({ "kept for reuse": 1024 });
    }),
  );
  expect(sums).toEqual([0, 0, 256, 0]);
  expect(scopes).toBe(1);
  expect(on.memory.bytes).toBe(0);
  expect((await trips.during(() => sumOf(on, "words"))).scopes).toBe(1);
});

test("what is used and kept is never more than was used at once", async () => {
  const on = await engine();
  on.memory.restartPeak();
  await keepingFreed(on, async () => {
    const [a, b] = [await on.allocate("a", 1000), await on.allocate("b", 2000)];
    a.destroy();
    b.destroy();
    expect(on.memory.snapshot()).toEqual({ "kept for reuse": 3000 });
    // Of a size of its own: the oldest goes for it.
    const c = await on.allocate("c", 500);
    expect(on.memory.snapshot()).toEqual({ "kept for reuse": 2000, c: 500 });
    const side = ["d", "e"].map((label) => () => on.allocate(label, 1200));
    const [d, e] = await together(on, ...side);
    for (const held of [c, d, e]) held.destroy();
  });
  expect(on.memory.peakBytes).toBe(3000);
});

test("tasks that keep overlap, and one that fails ends its part", async () => {
  const on = await engine();
  let release = () => {};
  const until = new Promise<void>((resolve) => (release = resolve));
  const outer = keepingFreed(on, () => until);
  await expect(keepingFreed(on, async () => Promise.reject(new Error("enough")))).rejects.toThrow("enough");
  await sumOf(on, "words");
  expect(on.memory.snapshot()).toEqual({ "kept for reuse": 1024 });
  release();
  await outer;
  expect(on.memory.bytes).toBe(0);
});

test("reads of tasks side by side come in one round trip, and large ones in as many as they fill", async () => {
  const on = await engine();
  const trips = countRoundTrips(on.device);
  const bytes = [8, 12, 10 * 2 ** 20, 9 * 2 ** 20];
  const buffers = await Promise.all(bytes.map((count, i) => on.allocate(`read ${i}`, count)));
  const values = bytes.map((count, i) => new Uint32Array(count / 4).map((_, word) => word * 7 + i));
  for (const [i, buffer] of buffers.entries()) on.write(buffer, 0, values[i]);
  const reading = buffers.map((buffer, i) => () => on.read(buffer, 0, bytes[i]));
  let read: readonly ArrayBuffer[] = [];
  const counts = await trips.during(async () => {
    read = await together(on, ...reading);
  });
  for (const [i, found] of read.entries())
    expect(Buffer.compare(Buffer.from(found), Buffer.from(values[i].buffer))).toBe(0);
  expect(counts).toMatchObject({ waits: 0, readbacks: 2 });
  expect((await trips.during(() => together(on, reading[0], reading[1]))).readbacks).toBe(1);
  for (const buffer of buffers) buffer.destroy();
});
