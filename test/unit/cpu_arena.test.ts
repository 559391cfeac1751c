import { expect, test } from "vitest";
import { createArena } from "../../src/engine/cpu/arena.js";

const PAGE = 65536;

function openArena(maximumBytes = 64 * PAGE) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64 });
  const arena = createArena(memory, maximumBytes);
  const fill = (pointer: number, bytes: number) => new Uint8Array(memory.buffer, pointer, bytes).fill(7);
  const isZero = (pointer: number, bytes: number) =>
    new Uint8Array(memory.buffer, pointer, bytes).every((byte) => byte === 0);
  return { memory, arena, fill, isZero };
}

test("regions are aligned, apart, and zeroed when they are used again", () => {
  const { arena, fill, isZero } = openArena();
  const first = arena.take(1000);
  const second = arena.take(5);
  expect([first % 128, second % 128]).toEqual([0, 0]);
  expect(first).toBeGreaterThan(0);
  // 128 bytes behind each may be read by vectors.
  expect(second - first).toBeGreaterThanOrEqual(1128);
  fill(first, 1000);
  arena.give(first);
  const again = arena.take(900);
  expect(again).toBe(first);
  expect(isZero(again, 1000)).toBe(true);
});

test("what its taker will write is not zeroed", () => {
  const { memory, arena, fill } = openArena();
  const first = arena.take(1000);
  arena.take(5);
  fill(first, 1000);
  arena.give(first);
  expect(arena.take(900, "unwritten")).toBe(first);
  expect(new Uint8Array(memory.buffer, first, 900).every((byte) => byte === 7)).toBe(true);
});

test("neighbors that are free are one region, whatever the order they came back in", () => {
  const { memory, arena, fill, isZero } = openArena();
  const regions = [0, 1, 2, 3].map(() => arena.take(20_000));
  fill(regions[0], 80_000);
  const held = memory.buffer.byteLength;
  for (const i of [2, 0, 1]) arena.give(regions[i]);
  expect(arena.take(60_000)).toBe(regions[0]);
  expect(isZero(regions[0], 60_000)).toBe(true);
  expect(memory.buffer.byteLength).toBe(held);
});

test("a free region at the end is part of what is taken anew", () => {
  const { memory, arena, fill, isZero } = openArena();
  const keep = arena.take(10_000);
  const last = arena.take(10_000);
  fill(last, 10_000);
  arena.give(last);
  const larger = arena.take(200_000);
  expect(larger).toBe(last);
  expect(isZero(larger, 200_000)).toBe(true);
  expect(memory.buffer.byteLength).toBeLessThan(5 * PAGE);
  fill(larger, 200_000);
  expect(isZero(keep, 10_000)).toBe(true);
});

test("giving back twice, or what was never taken, changes nothing", () => {
  const { arena } = openArena();
  const one = arena.take(100);
  arena.give(one);
  arena.give(one);
  arena.give(12345);
  const [a, b] = [arena.take(100), arena.take(100)];
  expect(a).not.toBe(b);
});

test("what cannot be had is refused with the numbers, and the arena goes on", () => {
  const { arena } = openArena(4 * PAGE);
  expect(() => arena.take(5 * PAGE)).toThrow(
    expect.objectContaining({
      code: "out-of-memory",
      fields: { got: expect.any(Number), accepted: 4 * PAGE },
    }),
  );
  expect(arena.take(PAGE)).toBeGreaterThan(0);
});
