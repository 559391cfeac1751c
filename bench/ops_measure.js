// How bench/ops.js measures: the volumes and masks that operations start from, a plain copy to compare with,
// and one operation's time, bytes, passes and memory.
import { chooseSeries, loadVolume, lungMask } from "hounsfield";
import { combineMasks, dilate, erode, threshold } from "hounsfield/ops";
import { stopwatch } from "./timing.js";

/** @typedef {import("hounsfield").CtEngine} CtEngine */
/** @typedef {import("hounsfield").CtVolume} CtVolume */
/** @typedef {import("hounsfield").Grid} Grid */
/** @typedef {import("../src/volume/ct_engine.js").GpuCtEngine} GpuCtEngine */

/**
 * What operations start from, and the engine that counts.
 * @typedef {Awaited<ReturnType<typeof prepareInputs>>} Inputs
 */

/**
 * An operation, and the inputs that it goes through.
 * @typedef {{ readonly group: string, readonly name: string,
 * readonly reads: readonly ("volume" | "air" | "lungs" | "wider" | "seed")[],
 * readonly run: (inputs: Inputs) => unknown }} Operation
 */

/**
 * What an operation may give: these of its fields are looked at.
 * @typedef {{ readonly grid?: Grid, readonly buffer?: Sized, readonly hu?: ArrayBufferView,
 * readonly sumsHu?: ArrayBufferView, readonly slabBytes?: number, readonly destroy?: () => void }
 * & Partial<Readonly<Record<"right" | "left" | "airways", { readonly buffer: Sized }>>>} Result
 */
/** @typedef {{ readonly bytes: number }} Sized */

/** @typedef {"cpu" | "wall"} Clock */

/**
 * On one thread, and where software plays the GPU, the CPU time that it took, which others on the machine
 * change least; else wall time.
 * @param {CtEngine} engine
 * @returns {Clock}
 */
export function clockOf({ adapter, capabilities: { processor, threads } }) {
  return adapter.software || (processor === "cpu" && threads === 1) ? "cpu" : "wall";
}

/**
 * What operations start from. The engine counts the passes that it is handed.
 * @param {CtEngine} engine
 * @param {Parameters<typeof chooseSeries>[0]} listed
 * @param {number} cubesMm
 */
export async function prepareInputs(engine, listed, cubesMm) {
  const counter = { passes: 0 };
  const counting = Object.assign(/** @type {CtEngine} */ (Object.create(engine)), {
    counter,
    /** @type {CtEngine["run"]} */
    run(passes) {
      counter.passes += passes.length;
      return engine.run(passes);
    },
  });
  const series = chooseSeries(listed);
  const volume = await loadVolume(counting, series);
  const air = await threshold(volume, { belowHu: -400 });
  const sides = await lungMask(volume, { method: "threshold" });
  const lungs = await combineMasks(sides.right, sides.left, { rule: "or" });
  sides.destroy();
  const wider = await dilate(lungs, { shape: "ball", radiusMm: 3 });
  const seed = await erode(lungs, { shape: "ball", radiusMm: 10 });
  const held = [volume, air, lungs, wider, seed];
  const destroy = () => {
    for (const part of held) part.destroy();
  };
  return { engine: counting, cubesMm, series, volume, air, lungs, wider, seed, destroy };
}

/**
 * Copies as much as the volume holds, and keeps the best rate in bytes/s, of which half are read and half
 * written.
 * @param {CtEngine} engine
 * @param {CtVolume} volume
 */
export function createCopier(engine, volume) {
  const { bytes } = volume.buffer;
  const clock = clockOf(engine);
  const copy = isGpu(engine) ? bufferCopy(engine, bytes, clock) : memoryCopy(bytes, clock);
  let best = 0;
  return {
    best: () => best,
    async run() {
      const ms = await copy();
      best = Math.max(best, (2 * bytes) / (ms / 1000));
    },
  };
}

/** @param {CtEngine} engine @returns {engine is GpuCtEngine} */
function isGpu(engine) {
  return engine.capabilities.processor === "gpu";
}

/** @param {number} bytes @param {Clock} clock */
function memoryCopy(bytes, clock) {
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes).fill(2)];
  return async () => {
    const stop = stopwatch();
    to.set(from);
    return stop()[clock];
  };
}

/**
 * Many copies in one submission, so that handing over and waiting does not count.
 * @param {GpuCtEngine} engine
 * @param {number} bytes
 * @param {Clock} clock
 */
function bufferCopy({ device, adapter }, bytes, clock) {
  const times = adapter.software ? 4 : 50;
  const usage = GPUBufferUsageBits.copySource | GPUBufferUsageBits.copyDestination;
  const [from, to] = [0, 1].map(() => device.createBuffer({ size: bytes, usage }));
  return async () => {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
    const commands = encoder.finish();
    const stop = stopwatch();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    return stop()[clock] / times;
  };
}

/** WebGPU's GPUBufferUsage, which Node has no global of. */
const GPUBufferUsageBits = { copySource: 4, copyDestination: 8 };

/**
 * The least of `repeats` after one that warms up.
 * @param {CtEngine} engine
 * @param {Inputs} inputs
 * @param {Operation} operation
 * @param {{ readonly repeats: number, readonly copier: ReturnType<typeof createCopier> }} how
 */
export async function measure(engine, inputs, { group, name, reads, run }, { repeats, copier }) {
  const { counter } = inputs.engine;
  const clock = clockOf(engine);
  const row = { group, name, ms: Number.POSITIVE_INFINITY, passes: 0, peakBytes: 0, bytes: 0, voxels: 0 };
  for (let i = 0; i <= repeats; i++) {
    await copier.run();
    await engine.idle();
    const before = engine.memory.bytes;
    engine.memory.restartPeak();
    counter.passes = 0;
    const stop = stopwatch();
    const result = /** @type {Result | undefined} */ (await run(inputs));
    await engine.idle();
    const ms = stop()[clock];
    if (i > 0) row.ms = Math.min(row.ms, ms);
    row.passes = counter.passes;
    row.peakBytes = engine.memory.peakBytes - before;
    row.bytes = reads.reduce((sum, key) => sum + inputs[key].buffer.bytes, 0) + bytesOf(result);
    row.voxels = Math.max(voxelsOf(inputs.volume.grid), result?.grid ? voxelsOf(result.grid) : 0);
    result?.destroy?.();
    if (engine.memory.bytes !== before)
      throw new Error(`${group}: ${name} left ${engine.memory.bytes - before} bytes behind`);
  }
  return row;
}

/** @param {Grid} grid */
const voxelsOf = ({ size }) => size[0] * size[1] * size[2];

/**
 * Of volumes and masks on the engine, of images, of slabs that were counted as they came; numbers count as
 * nothing.
 * @param {Result | undefined} result
 */
function bytesOf(result) {
  const lungs = [result?.right, result?.left, result?.airways].filter((mask) => mask !== undefined);
  if (lungs.length > 0) return lungs.reduce((sum, { buffer }) => sum + buffer.bytes, 0);
  const array = result?.hu ?? result?.sumsHu;
  return result?.buffer?.bytes ?? array?.byteLength ?? result?.slabBytes ?? 0;
}
