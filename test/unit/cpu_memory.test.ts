import { afterEach, describe, expect, test, vi } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { ComputeWorkerStart } from "../../src/engine/cpu/shared_control.js";
import type { Engine } from "../../src/engine/engine.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const { Memory } = WebAssembly;
const PAGE_BYTES = 65536;

/** A machine that gives memory of a maximum up to this, in pages, and else throws what iOS does. */
function machineOf({ shared, own }: { shared: number; own: number }) {
  const asked: [boolean, number][] = [];
  vi.stubGlobal("WebAssembly", {
    ...Object.fromEntries(
      Object.getOwnPropertyNames(WebAssembly).map((name) => [name, Reflect.get(WebAssembly, name)]),
    ),
    Memory: class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        const { maximum = 65536, shared: isShared = false } = descriptor;
        asked.push([isShared, maximum]);
        if (maximum > (isShared ? shared : own))
          throw new RangeError("WebAssembly.Memory(): could not allocate memory");
        super(descriptor);
      }
    },
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

const startWorker = (_: ComputeWorkerStart) => () => {};

describe.each([
  ["all that there is", { shared: 65536, own: 65536 }, 65536, 3],
  ["2 GiB shared", { shared: 32768, own: 65536 }, 32768, 3],
  ["1 GiB shared", { shared: 16384, own: 65536 }, 16384, 3],
  ["512 MiB shared", { shared: 8192, own: 65536 }, 8192, 3],
  ["no shared memory", { shared: 0, own: 65536 }, 65536, 1],
  ["no shared memory, and little of its own", { shared: 0, own: 8192 }, 8192, 1],
])("a machine that gives %s", (_, gives, pages, threads) => {
  test("computes, and knows its limit", async () => {
    machineOf(gives);
    const engine = await createCpuEngine({ threads: 3, startWorker });
    expect(engine.capabilities.threads).toBe(threads);
    expect(engine.limits.maxBufferBytes).toBe((pages - 1) * PAGE_BYTES);
    const volume = await uploadVolume(engine, gridOf([4, 1, 1]), Int16Array.of(-1000, 0, -950, 5));
    const mask = await threshold(volume, { belowHu: -900 });
    expect([...(await mask.read())]).toEqual([1, 0, 1, 0]);
    await expect(engine.allocate("huge", pages * PAGE_BYTES)).rejects.toMatchObject({
      code: "out-of-memory",
    });
    engine.destroy();
  });
});

test("a machine that gives none says so, by the same class of error", async () => {
  const asked = machineOf({ shared: 0, own: 0 });
  await expect(createCpuEngine({ threads: 3, startWorker })).rejects.toMatchObject({
    name: "HounsfieldError",
    code: "out-of-memory",
    cause: expect.any(RangeError),
  });
  const pages = [65536, 32768, 16384, 8192];
  expect(asked).toEqual([...pages.map((page) => [true, page]), ...pages.map((page) => [false, page])]);
});

test("one thread asks for no shared memory", async () => {
  const asked = machineOf({ shared: 65536, own: 65536 });
  (await createCpuEngine({ threads: 1, startWorker })).destroy();
  expect(asked).toEqual([[false, 65536]]);
});

describe("memory that nothing is held in any more", () => {
  const grid = gridOf([64, 64, 64]);
  const voxels = Int16Array.from({ length: 64 ** 3 }, (_, i) => (i % 300) - 1000);
  const airOf = async (engine: Engine) => {
    const volume = await uploadVolume(engine, grid, voxels);
    const mask = await threshold(volume, { belowHu: -900 });
    const air = await mask.read();
    for (const held of [volume, mask]) held.destroy();
    return air;
  };

  test.each([
    ["is given back where it has grown beyond what is kept", 2 ** 18, 3],
    ["is kept where it has not", 2 ** 24, 1],
  ])("%s, and results are the same", async (_, keptBytes, memories) => {
    const asked = machineOf({ shared: 65536, own: 65536 });
    const engine = await createCpuEngine({ keptBytes });
    const first = await airOf(engine);
    expect(first).toEqual(Uint8Array.from(voxels, (hu) => (hu < -900 ? 1 : 0)));
    expect(await airOf(engine)).toEqual(first);
    // Two at once find one memory.
    const both = await Promise.all([engine.allocate("one", 4096), engine.allocate("other", 4096)]);
    for (const buffer of both) engine.write(buffer, 0, new Uint8Array(4096).fill(7));
    expect(new Uint8Array(await engine.read(both[0], 0, 4096))).toEqual(new Uint8Array(4096).fill(7));
    for (const buffer of both) buffer.destroy();
    expect(asked).toHaveLength(memories);
    expect(engine.memory.bytes).toBe(0);
    engine.destroy();
    await expect(engine.allocate("later", 4)).rejects.toThrow();
  });

  test("a buffer that went with it is destroyed to who uses it", async () => {
    const engine = await createCpuEngine({ keptBytes: 0 });
    const buffer = await engine.allocate("gone", 8);
    buffer.destroy();
    expect(() => engine.write(buffer, 0, new Uint8Array(8))).toThrow(
      expect.objectContaining({ code: "destroyed" }),
    );
    await expect(engine.read(buffer, 0, 8)).rejects.toMatchObject({ code: "destroyed" });
    engine.destroy();
  });
});
