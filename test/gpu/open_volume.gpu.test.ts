import { afterEach, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { coarseOrder, standsInFor } from "../../src/volume/coarse_order.js";
import { type CtEngine, withDecoder } from "../../src/volume/ct_engine.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { loadVolume, openVolume } from "../../src/volume/load_volume.js";
import { firstDifference } from "../support/arrays.js";
import { channelWorker } from "../support/channel_worker.js";
import { readSeries } from "../support/read_series.js";

const [nx, ny, nz] = [35, 24, 30];
const phantom = chestPhantom({ size: [nx, ny, nz] });
const files = [...phantomSeries(phantom)].map(({ name, bytes }) => bytesSource(name, bytes));

const engines: GpuEngine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) {
    engine.destroy();
    expect(engine.memory.snapshot()).toEqual({});
  }
});

async function openEngine(): Promise<GpuEngine & CtEngine> {
  const { gpu } = await findGpu("only");
  const decoder = createDecodePool({ spawn: () => channelWorker(), size: 2, shareMemory: false });
  const engine = withDecoder(await createGpuEngine(gpu, { software: true }), decoder);
  engines.push(engine);
  return engine;
}

/** Listing looks at so many pieces of a series' pixel data, to see what its code streams are. */
const LOOKS = 4;

/** The files, of which reading waits for `gate` from the `free`th read of pixels on that loading does. */
function gated(free: number, gate: () => Promise<void>): ByteSource[] {
  let reads = 0;
  return files.map(({ name, size, read }) => ({
    name,
    size,
    async read(start, end) {
      // Headers are read from the file's start.
      if (start > 0 && ++reads > LOOKS + free) await gate();
      return read(start, end);
    },
  }));
}

const reject = (message: string) => () => Promise.reject(new Error(message));

function expectSlice(hu: Int16Array, z: number): void {
  const slice = hu.subarray(z * nx * ny, (z + 1) * nx * ny);
  expect(firstDifference(slice, phantom.slice(z))).toBe(-1);
}

async function expectWhole(volume: CtVolume): Promise<void> {
  const hu = await volume.read();
  for (let z = 0; z < nz; z++) expectSlice(hu, z);
}

test("the middle of every eight comes first, and each slice once", () => {
  expect(coarseOrder(20)).toEqual([4, 12, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19]);
  expect(coarseOrder(3)).toEqual([0, 1, 2]);
  expect([4, 12].map((z) => standsInFor(z, 20))).toEqual([
    [0, 8],
    [8, 20],
  ]);
  expect(standsInFor(5, 20)).toEqual([5, 6]);
  expect(standsInFor(20, 21)).toEqual([16, 21]);
});

describe("a volume that is shown while it is loaded", () => {
  test("has every eighth slice first, and is exact in the end", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const [series] = await readSeries(gated(4, () => gate));
    const engine = await openEngine();
    const { volume, done } = await openVolume(engine, series);
    const events: string[] = [];
    volume.arrival?.on(({ kind, ...which }) => events.push(kind + Object.values(which)));
    while (events.length < 4) await new Promise((resolve) => setTimeout(resolve, 2));
    expect([...events].sort()).toEqual(["slice12", "slice20", "slice28", "slice4"]);
    const coarse = await volume.read();
    for (const z of [4, 12, 20, 28]) expectSlice(coarse, z);
    expect(volume.arrival?.complete).toBe(false);
    open();
    await done;
    await expectWhole(volume);
    expect(events).toHaveLength(nz + 1);
    expect(events.at(-1)).toBe("complete");
    volume.destroy();
  });

  test("ends its loading when it is destroyed", async () => {
    const [series] = await readSeries(gated(3, () => new Promise(() => {})));
    const engine = await openEngine();
    const { volume, done } = await openVolume(engine, series);
    setTimeout(() => volume.destroy(), 20);
    // Though the reads under way never end.
    await expect(done).rejects.toMatchObject({ name: "AbortError" });
  });

  test("tells its views what made it fail, and is destroyed", async () => {
    const [series] = await readSeries(gated(5, reject("the disk is gone")));
    const engine = await openEngine();
    const { volume, done } = await openVolume(engine, series);
    const told = new Promise((resolve) => {
      volume.arrival?.on((event) => event.kind === "failed" && resolve(event.error));
    });
    await expect(done).rejects.toMatchObject({ cause: { message: "the disk is gone" } });
    expect(await told).toMatchObject({ code: "io" });
    expect(engine.memory.snapshot()).toEqual({});
  });
});

describe("the device is lost", () => {
  test("a loaded volume is loaded again, under the same name", async () => {
    const [series] = await readSeries(files);
    const engine = await openEngine();
    const volume = await loadVolume(engine, series);
    const whole = new Promise<void>((resolve) => {
      volume.arrival?.on(({ kind }) => kind === "complete" && resolve());
    });
    engine.device.destroy();
    await whole;
    await expectWhole(volume);
    volume.destroy();
  });

  test("in the middle of loading: it starts over, and ends exact", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const [series] = await readSeries(gated(9, () => gate));
    const engine = await openEngine();
    const loading = loadVolume(engine, series);
    setTimeout(() => engine.device.destroy(), 30);
    setTimeout(open, 60);
    const volume = await loading;
    await expectWhole(volume);
    volume.destroy();
  });

  test("a volume whose files are gone says so", async () => {
    const [series] = await readSeries(gated(nz, reject("the files moved")));
    const engine = await openEngine();
    const volume = await loadVolume(engine, series);
    const told = new Promise((resolve) => {
      volume.arrival?.on((event) => event.kind === "failed" && resolve(event.error));
    });
    engine.device.destroy();
    expect(await told).toMatchObject({ cause: { message: "the files moved" } });
    await expect(volume.read()).rejects.toMatchObject({ code: "device-lost" });
    volume.destroy();
  });
});
