import { expect, test, vi } from "vitest";
import { afterWork } from "../../src/engine/gpu/after_work.js";
import { GatheredReads } from "../../src/engine/gpu/gathered_reads.js";
import { WorkInFlight } from "../../src/engine/gpu/work_in_flight.js";

/** A queue that finishes what was submitted before a mark when told to, and counts pokes. */
function fakeQueue() {
  const marks: (() => void)[] = [];
  const queue = {
    pokes: 0,
    waits: 0,
    submit: () => void queue.pokes++,
    onSubmittedWorkDone: () => {
      queue.waits++;
      return new Promise<undefined>((resolve) => marks.push(() => resolve(undefined)));
    },
    finishOne: () => marks.shift()?.(),
  };
  return queue;
}

test("a promise that is pending has its queue poked at once and again, after longer and longer pauses, one that resolved no more", async () => {
  vi.useFakeTimers();
  try {
    const queue = fakeQueue();
    let finish = (_: string) => {};
    const waiting = afterWork(queue, new Promise<string>((resolve) => (finish = resolve)));
    const pokesAfter = [0, 1, 2, 2, 10, 100, 100].map((ms) => {
      vi.advanceTimersByTime(ms);
      return queue.pokes;
    });
    expect(pokesAfter).toEqual([1, 2, 3, 4, 6, 13, 19]);
    finish("done");
    expect(await waiting).toBe("done");
    const { pokes } = queue;
    vi.advanceTimersByTime(1000);
    expect(queue.pokes).toBe(pokes);
  } finally {
    vi.useRealTimers();
  }
});

test("a promise that is refused is so, and ends the pokes", async () => {
  vi.useFakeTimers();
  try {
    const queue = fakeQueue();
    await expect(afterWork(queue, Promise.reject(new Error("lost")))).rejects.toThrow("lost");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("little work is never waited for; much of it for the oldest half", async () => {
  const queue = fakeQueue();
  const flight = new WorkInFlight(queue, 1000);
  for (let i = 0; i < 10; i++) {
    await flight.room();
    flight.add(100);
  }
  expect(queue.waits).toBe(2);
  await flight.room();
  flight.add(1);
  let free = false;
  const room = flight.room().then(() => (free = true));
  await Promise.resolve();
  expect(free).toBe(false);
  queue.finishOne();
  await room;
  expect(free).toBe(true);
});

test("what somebody waited for is done: chains that read now and then have no waits of their own", async () => {
  const queue = fakeQueue();
  const flight = new WorkInFlight(queue, 1000);
  for (let i = 0; i < 100; i++) {
    await flight.room();
    flight.add(100);
    if (i % 4 === 3) await flight.after(Promise.resolve());
  }
  expect(queue.waits).toBe(0);
});

test("submissions that cost nothing are bounded too", async () => {
  const queue = fakeQueue();
  const flight = new WorkInFlight(queue, 1280);
  for (let i = 0; i < 128; i++) flight.add(0);
  expect(queue.waits).toBe(2);
});

test("tasks that run together are served in the same rounds, those inside of tasks too", async () => {
  const rounds: string[][] = [];
  const reads = new GatheredReads<string>(async (readings) => void rounds.push([...readings]));
  const chain = (name: string, length: number) => async () => {
    for (let i = 0; i < length; i++) await reads.read(`${name}${i}`);
    return name;
  };
  await reads.read("alone");
  const nested = async () => {
    const names = await reads.together([chain("c", 1), chain("d", 2)]);
    await reads.read("after");
    return names.join();
  };
  expect(await reads.together([chain("a", 3), chain("b", 1), nested])).toEqual(["a", "b", "c,d"]);
  expect(rounds.map((round) => round.sort())).toEqual([
    ["alone"],
    ["a0", "b0", "c0", "d0"],
    ["a1", "d1"],
    ["a2", "after"],
  ]);
});

test("a task that fails holds nobody up, and its error is thrown when all have ended", async () => {
  const reads = new GatheredReads<string>(async () => {});
  let ended = false;
  const long = async () => {
    await reads.read("a");
    await reads.read("b");
    ended = true;
  };
  const failing = async () => {
    throw new Error("first");
  };
  await expect(reads.together([long, failing])).rejects.toThrow("first");
  expect(ended).toBe(true);
  await reads.read("after");
});

test("who reads beside gathered tasks is served, and a failed round fails all who waited", async () => {
  const reads = new GatheredReads<string>(async (readings) => {
    if (readings.includes("bad")) throw new Error("lost");
  });
  const beside = reads.together([() => reads.read("a"), () => reads.read("b")]);
  await Promise.all([beside, reads.read("foreign")]);
  const both = [reads.read("bad").catch(String), reads.read("good")];
  expect(await Promise.all(both)).toEqual(["Error: lost", undefined]);
});
