import { afterEach, describe, expect, test, vi } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { ComputeWorkerStart } from "../../src/engine/cpu/shared_control.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const { Memory } = WebAssembly;
const pageBytes = 65536;

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
    expect(engine.limits.maxBufferBytes).toBe((pages - 1) * pageBytes);
    const volume = await uploadVolume(engine, gridOf([4, 1, 1]), Int16Array.of(-1000, 0, -950, 5));
    const mask = await threshold(volume, { belowHu: -900 });
    expect([...(await mask.read())]).toEqual([1, 0, 1, 0]);
    await expect(engine.allocate("huge", pages * pageBytes)).rejects.toMatchObject({ code: "out-of-memory" });
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
