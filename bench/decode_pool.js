// What decoding in workers costs beside the decoding: CPU time of the same frames in this thread and through
// one worker, with new memory for each result, with memory that travels to and fro, and with shared memory;
// and the wall time of one and of two workers.
import { availableParallelism, loadavg } from "node:os";
import { Worker } from "node:worker_threads";
import { codecFor, createDecodePool } from "hounsfield/decode";
import { interleave, stopwatch, summary } from "./timing.js";

const FRAMES = 120;
/** Of a slice of 512 x 512. */
const MEMORY_BYTES = 2 ** 19;
const RESCALE = { slope: 1, intercept: -1024 };
/** Frames under way in a worker, as loading a volume has them. */
const LANES = 4;

/** @typedef {import("hounsfield/decode").Codec} Codec */
/** @typedef {import("hounsfield/decode").DecodePool} DecodePool */
/** @typedef {readonly import("./decode_inputs.js").Slice[]} Slices */

/**
 * Times in milliseconds a frame.
 * @param {Slices} slices
 * @param {number} rounds
 */
export async function measurePool(slices, rounds) {
  const codec = await codecFor(slices[0].frame.transferSyntax);
  const pools = { one: openPool(1, false), two: openPool(2, false), shared: openPool(1, true) };
  const runs = {
    "in this thread, memory reused": () => runInThread(codec, slices),
    "one worker, new memory": () => runInPool(pools.one, slices, false),
    "one worker, memory transferred": () => runInPool(pools.one, slices, true),
    "one worker, memory shared": () => runInPool(pools.shared, slices, true),
    "two workers, memory transferred": () => runInPool(pools.two, slices, true),
  };
  const times = await interleave(
    rounds,
    Object.entries(runs).map(([key, run]) => ({ key, run })),
  );
  for (const pool of Object.values(pools)) pool.destroy();
  const rows = [...times].map(([name, results]) => ({
    name,
    cpu: summary(results.map(({ cpu }) => cpu / FRAMES)),
    wall: summary(results.map(({ wall }) => wall / FRAMES)),
  }));
  const [alone, , one, , two] = rows;
  const scaling = { median: one.wall.median / two.wall.median, least: one.wall.least / two.wall.least };
  return {
    frames: FRAMES,
    load: loadavg()[0],
    cores: availableParallelism(),
    rows,
    messaging: { median: one.cpu.median / alone.cpu.median - 1, least: one.cpu.least / alone.cpu.least - 1 },
    scaling,
  };
}

/** @param {number} size @param {boolean} shareMemory */
function openPool(size, shareMemory) {
  return createDecodePool({ spawn: spawnWorker, size, shareMemory });
}

/** @returns {ReturnType<Parameters<typeof createDecodePool>[0]["spawn"]>} */
function spawnWorker() {
  const worker = new Worker(new URL("../dist/node/decode_worker.js", import.meta.url));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onFailure) {
      worker.on("message", onMessage);
      worker.on("error", onFailure);
    },
    terminate: () => void worker.terminate(),
  };
}

/** @param {Codec} codec @param {Slices} slices */
async function runInThread(codec, slices) {
  const jobs = freshJobs(slices);
  if (!codec.decodeHu) throw new Error("the codec of JPEG Lossless makes HU itself");
  const memories = Array.from({ length: LANES }, () => new ArrayBuffer(MEMORY_BYTES));
  const stop = stopwatch();
  for (const [i, { bytes, frame }] of jobs.entries())
    codec.decodeHu(bytes, frame, RESCALE, memories[i % LANES]);
  return stop();
}

/** @param {DecodePool} pool @param {Slices} slices @param {boolean} reuse */
async function runInPool(pool, slices, reuse) {
  const jobs = freshJobs(slices);
  const stop = stopwatch();
  let next = 0;
  const lane = async () => {
    let memory = reuse ? pool.createMemory(MEMORY_BYTES) : undefined;
    while (next < jobs.length) {
      const hu = await pool.decode({ ...jobs[next++], memory });
      if (reuse) memory = hu.buffer;
    }
  };
  await Promise.all(Array.from({ length: LANES * pool.size }, lane));
  return stop();
}

/**
 * Bytes are transferred to the workers and cannot be used again.
 * @param {Slices} slices
 */
function freshJobs(slices) {
  const output = /** @type {const} */ ({ kind: "hu", rescale: RESCALE });
  return Array.from({ length: FRAMES }, (_, i) => {
    const { bytes, frame } = slices[i % slices.length];
    return { bytes: bytes.slice(), frame, output };
  });
}
