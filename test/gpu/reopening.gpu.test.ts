import { afterEach, describe, expect, test } from "vitest";
import type { DeviceEvent } from "../../src/engine/engine.js";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";

const opened: GpuEngine[] = [];
afterEach(() => {
  for (const engine of opened.splice(0)) engine.destroy();
});

async function openEngine(gpu?: GPU): Promise<GpuEngine> {
  const found = gpu ?? (await findGpu("only")).gpu;
  const engine = await createGpuEngine(found, { software: true });
  opened.push(engine);
  return engine;
}

function nextEvent(engine: GpuEngine, kind: DeviceEvent["kind"]): Promise<DeviceEvent> {
  return new Promise((resolve) => {
    const stop = engine.onDevice?.((event) => {
      if (event.kind !== kind) return;
      stop?.();
      resolve(event);
    });
  });
}

const words = (...values: number[]) => new Uint32Array(values);

describe("an engine whose device is lost", () => {
  test("opens another and makes again what can be made, under the same name", async () => {
    const engine = await openEngine();
    const before = engine.device;
    const kept = await engine.allocate("kept", 8);
    engine.write(kept, 0, words(1, 2));
    let restored = 0;
    const done = new Promise<void>((resolve) => {
      const restore = async () => {
        restored++;
        engine.write(kept, 0, words(1, 2));
        resolve();
      };
      engine.restoreWith?.(kept, { restore, failed: () => {} });
    });
    const lost = nextEvent(engine, "lost");
    engine.device.destroy();
    expect(await lost).toMatchObject({ error: { code: "device-lost" } });
    await done;
    expect(restored).toBe(1);
    expect(engine.device).not.toBe(before);
    expect(new Uint32Array(await engine.read(kept, 0, 8))).toEqual(words(1, 2));
    expect(engine.memory.snapshot()).toEqual({ kept: 8 });
    kept.destroy();
    expect(engine.memory.bytes).toBe(0);
  });

  test("says of what cannot be made again that it went with the device, and lets it be destroyed", async () => {
    const engine = await openEngine();
    const mask = await engine.allocate("mask", 4);
    const reopened = nextEvent(engine, "reopened");
    engine.device.destroy();
    await reopened;
    await expect(engine.read(mask, 0, 4)).rejects.toMatchObject({
      code: "device-lost",
      message: expect.stringContaining('"mask"'),
    });
    mask.destroy();
    mask.destroy();
    expect(engine.memory.snapshot()).toEqual({});
    await expect(engine.read(mask, 0, 4)).rejects.toMatchObject({ code: "destroyed" });
  });

  test("keeps the reason where making again failed", async () => {
    const engine = await openEngine();
    const buffer = await engine.allocate("volume", 4);
    const reason = new Error("the file moved");
    const told = new Promise((failed) => {
      engine.restoreWith?.(buffer, { restore: () => Promise.reject(reason), failed });
    });
    engine.device.destroy();
    expect(await told).toBe(reason);
    await expect(engine.read(buffer, 0, 4)).rejects.toMatchObject({ code: "device-lost", cause: reason });
  });

  test("lost again while values are made again, asks for them once more", async () => {
    const engine = await openEngine();
    const kept = await engine.allocate("kept", 8);
    let tries = 0;
    const failures: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      const restore = async () => {
        if (++tries === 1) engine.device.destroy();
        await engine.idle();
        // What the lost device still answers is no success.
        await new Promise((later) => setTimeout(later, 50));
        await engine.read(kept, 0, 8);
        engine.write(kept, 0, words(3, 4));
        resolve();
      };
      engine.restoreWith?.(kept, { restore, failed: (error) => failures.push(error) });
    });
    engine.device.destroy();
    await done;
    expect(failures).toEqual([]);
    expect(tries).toBe(2);
    expect(new Uint32Array(await engine.read(kept, 0, 8))).toEqual(words(3, 4));
  });

  test("destroyed meanwhile, opens nothing and is at its end", async () => {
    const engine = await openEngine();
    const lost = nextEvent(engine, "lost");
    engine.device.destroy();
    await lost;
    engine.destroy();
    expect(await engine.lost).toMatchObject({ reason: "destroyed" });
  });

  test("gives up on a device that is lost again and again", async () => {
    const engine = await openEngine();
    const gone = nextEvent(engine, "gone");
    const kept = await engine.allocate("kept", 4);
    const told = new Promise((failed) => {
      engine.restoreWith?.(kept, { restore: async () => {}, failed });
    });
    for (let i = 0; i < 3; i++) {
      const reopened = nextEvent(engine, "reopened");
      engine.device.destroy();
      await reopened;
    }
    engine.device.destroy();
    expect(await gone).toMatchObject({ error: { code: "device-lost" } });
    expect(await told).toMatchObject({ code: "device-lost" });
    await expect(engine.allocate("more", 4)).rejects.toMatchObject({ code: "device-lost" });
    await engine.lost;
  });
});

test("two engines do not know of each other", async () => {
  const [one, other] = [await openEngine(), await openEngine()];
  const buffer = await other.allocate("other's", 4);
  other.write(buffer, 0, words(7));
  const reopened = nextEvent(one, "reopened");
  const heard: string[] = [];
  other.onDevice?.(({ kind }) => heard.push(kind));
  one.device.destroy();
  await reopened;
  expect(new Uint32Array(await other.read(buffer, 0, 4))).toEqual(words(7));
  await expect(one.read(buffer, 0, 4)).rejects.toMatchObject({ code: "wrong-engine" });
  one.destroy();
  expect(new Uint32Array(await other.read(buffer, 0, 4))).toEqual(words(7));
  expect(heard).toEqual([]);
  expect(one.memory.bytes).toBe(0);
  expect(other.memory.snapshot()).toEqual({ "other's": 4 });
  buffer.destroy();
});
