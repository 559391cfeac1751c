import { afterEach, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { positionMm } from "../../src/core/grid.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import type { Series } from "../../src/dicom/series/list_series.js";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";
import { statistics } from "../../src/ops/value/statistics.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { probeLine } from "../../src/render/view/probe.js";
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

/** The series, of which reading waits for `gate` from the `free`th read of pixels on, once it is listed. */
async function gatedSeries(free: number, gate: () => Promise<void>): Promise<Series> {
  let reads = 0;
  let isListed = false;
  const sources = files.map(
    ({ name, size, read }): ByteSource => ({
      name,
      size,
      async read(start, end) {
        // Headers are read from the file's start.
        if (isListed && start > 0 && ++reads > free) await gate();
        return read(start, end);
      },
    }),
  );
  const [series] = await readSeries(sources);
  isListed = true;
  return series;
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
    const series = await gatedSeries(4, () => gate);
    const engine = await openEngine();
    const { volume, done } = await openVolume(engine, series);
    const events: string[] = [];
    volume.arrival?.on(({ kind, ...which }) => events.push(kind + Object.values(which)));
    while (events.length < 4) await new Promise((resolve) => setTimeout(resolve, 2));
    expect([...events].sort()).toEqual(["slice12", "slice20", "slice28", "slice4"]);
    for (const z of [4, 12, 20, 28])
      expect(firstDifference(await volume.read(z, z + 1), phantom.slice(z))).toBe(-1);
    // What has not come is no value: 0 would be water.
    const absent = { code: "not-loaded", fields: { got: 5 } };
    await expect(volume.read(4, 6)).rejects.toMatchObject(absent);
    await expect(statistics(volume)).rejects.toMatchObject({ code: "not-loaded", fields: { got: 0 } });
    const at = (z: number) => probeLine(volume, positionMm(series.grid, [9, 9, z]), [0, 0, 0], 1, "maximum");
    expect(await at(5)).toBeUndefined();
    expect(await at(12)).toMatchObject({ hu: phantom.slice(12)[9 + 9 * nx] });
    expect(volume.arrival?.complete).toBe(false);
    open();
    await done;
    await expectWhole(volume);
    expect(events).toHaveLength(nz + 1);
    expect(events.at(-1)).toBe("complete");
    volume.destroy();
  });

  test("ends its loading when it is destroyed", async () => {
    const series = await gatedSeries(3, () => new Promise(() => {}));
    const engine = await openEngine();
    const { volume, done } = await openVolume(engine, series);
    setTimeout(() => volume.destroy(), 20);
    // Though the reads under way never end.
    await expect(done).rejects.toMatchObject({ name: "AbortError" });
  });

  test("tells its views what made it fail, and is destroyed", async () => {
    const series = await gatedSeries(5, reject("the disk is gone"));
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
    const series = await gatedSeries(9, () => gate);
    const engine = await openEngine();
    const loading = loadVolume(engine, series);
    setTimeout(() => engine.device.destroy(), 30);
    setTimeout(open, 60);
    const volume = await loading;
    await expectWhole(volume);
    volume.destroy();
  });

  test("a volume whose files are gone says so", async () => {
    const series = await gatedSeries(nz, reject("the files moved"));
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
