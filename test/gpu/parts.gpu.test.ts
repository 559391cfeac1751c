import { afterAll, describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { keepingFreed, together } from "../../src/engine/round_trips.js";
import { findGpu } from "../../src/node/dawn.js";
import { median } from "../../src/ops/filter/median.js";
import { countVoxels, countVoxelsPerSlice } from "../../src/ops/mask/count_voxels.js";
import { keepLargest } from "../../src/ops/mask/keep_largest.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { statistics } from "../../src/ops/value/statistics.js";
import { defaultViewState } from "../../src/render/state/view_state.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { gpuRangesOf } from "../../src/render/texture/gpu_engine_of.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { uploadMask } from "../support/masks.js";
import { seededRandom } from "../support/random.js";
import { readBuffer } from "../support/read_buffer.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

/** Buffers of 4 KB at most: volumes of a few slices are cut. */
const limits = { maxBufferBytes: 4096, maxBindingBytes: 2 ** 19, slabVoxels: 2 ** 11 };
const engines: GpuEngine[] = [];

async function openEngine(less: Partial<Engine["limits"]> = limits): Promise<GpuEngine> {
  const { gpu } = await findGpu("only");
  const engine = await createGpuEngine(gpu, { software: true, limits: less });
  engines.push(engine);
  return engine;
}

afterAll(() => {
  for (const engine of engines) {
    expect(engine.memory.snapshot()).toEqual({});
    engine.destroy();
  }
});

const noise = (count: number, seed = 1) => {
  const next = seededRandom(seed);
  return Int16Array.from({ length: count }, () => Math.floor(next() * 4096) - 1024);
};

describe("a buffer that is larger than the device's", () => {
  test("is written and read at any place, as one", async () => {
    const engine = await openEngine();
    const random = seededRandom(3);
    const words = 5000;
    const buffer = await engine.allocate("words", words * 4);
    expect(engine.buffers.get(buffer).parts.map(({ size }) => size)).toEqual([4096, 4096, 4096, 4096, 3616]);
    expect(engine.memory.snapshot()).toEqual({ words: words * 4 });
    const expected = new Uint32Array(words);
    for (let i = 0; i < 60; i++) {
      const at = Math.floor(random() * words);
      const written = Uint32Array.from(
        { length: Math.floor(random() * (words - at + 1)) },
        () => random() * 2 ** 32,
      );
      engine.write(buffer, at * 4, written);
      expected.set(written, at);
    }
    const all = new Uint32Array(await engine.read(buffer, 0, words * 4));
    expect(all).toEqual(expected);
    const into = new ArrayBuffer(12_000);
    expect(await engine.read(buffer, 4000, 9000, into)).toBe(into);
    expect(new Uint32Array(into, 0, 2250)).toEqual(expected.subarray(1000, 3250));
    const [one, other] = await together(
      engine,
      () => engine.read(buffer, 4092, 8),
      () => engine.read(buffer, 0, 20_000),
    );
    expect([new Uint32Array(one), new Uint32Array(other)]).toEqual([expected.subarray(1023, 1025), expected]);
    buffer.destroy();
    buffer.destroy();
    expect(buffer.isDestroyed).toBe(true);
  });

  test("is zeroed, though its parts were kept", async () => {
    const engine = await openEngine();
    await keepingFreed(engine, async () => {
      const first = await engine.allocate("first", 9000);
      engine.write(first, 0, new Uint32Array(2250).fill(7));
      first.destroy();
      for (const bytes of [9000, 4096, 808]) {
        const again = await engine.allocate("again", bytes);
        expect(new Uint32Array(await engine.read(again, 0, bytes)).some((word) => word !== 0)).toBe(false);
        again.destroy();
      }
    });
  });

  test("of one unit is one buffer, or more than the device takes", async () => {
    const engine = await openEngine();
    const unit = await engine.allocate("unit", 8192, "zeroed", 8192);
    expect(engine.gpuBuffer(unit).size).toBe(8192);
    unit.destroy();
    const { maxBufferSize } = engine.device.limits;
    const bytes = maxBufferSize + 4;
    await expect(engine.allocate("unit", bytes, "zeroed", bytes)).rejects.toMatchObject({
      code: "limit-exceeded",
      fields: { got: bytes, accepted: maxBufferSize },
    });
  });

  test("a binding larger than the device's is an error with the numbers", async () => {
    const engine = await openEngine({ ...limits, maxBindingBytes: 8192 });
    // The table of 65536 counts.
    const volume = await uploadVolume(engine, gridOf([8, 8, 8]), noise(512));
    await expect(statistics(volume)).rejects.toMatchObject({
      code: "limit-exceeded",
      fields: { accepted: 8192 },
    });
    volume.destroy();
  });
});

/** Even and odd rows; slices of whole and broken multiples of 256 bytes. */
const sizes: readonly Vec3[] = [
  [32, 32, 12],
  [33, 17, 15],
];

describe.each(sizes.map((size) => ({ size, said: size.join(" x ") })))("$said in parts", ({ size }) => {
  const grid: Grid = gridOf(size, [0.7, 0.8, 1.1]);
  const voxels = noise(size[0] * size[1] * size[2], 9);
  const onBoth = async <T>(of: (volume: CtVolume) => Promise<T>): Promise<[T, T]> => {
    const results: T[] = [];
    for (const engine of [await openEngine(), await openEngine({})]) {
      const volume = await uploadVolume(engine, grid, voxels);
      results.push(await of(volume));
      volume.destroy();
    }
    return [results[0], results[1]];
  };

  test("is the same to operations with halos, to labels of components and to views", async () => {
    const [inParts, whole] = await onBoth(async (volume) => {
      const smooth = await median(volume);
      const bone = await threshold(smooth, { fromHu: 800 });
      const largest = await keepLargest(bone, { neighbors: 26 });
      const picture = await renderToPixels(
        volume,
        { ...defaultViewState, projection: "mip" },
        { width: 40, height: 30 },
      );
      const results = [await smooth.read(), await largest.read(), picture] as const;
      for (const one of [smooth, bone, largest]) one.destroy();
      return results;
    });
    expect(inParts).toEqual(whole);
  });

  test("its WebGPU buffers hold it in order", async () => {
    const engine = await openEngine();
    const volume = await uploadVolume(engine, grid, voxels);
    const ranges = gpuRangesOf(volume);
    expect(ranges.length).toBeGreaterThan(1);
    const joined: number[] = [];
    for (const { buffer, offsetBytes, bytes } of ranges) {
      expect(offsetBytes).toBe(joined.length * 2);
      joined.push(...new Int16Array(await readBuffer(engine.device, buffer, bytes)));
    }
    const pitch = Math.ceil(size[0] / 2) * 2;
    expect(joined.filter((_, i) => i % pitch < size[0])).toEqual([...voxels]);
    volume.destroy();
  });
});

test.each([150, 128, 64])(
  "a mask of %i slices that no binding takes whole is counted slice by slice",
  async (nz) => {
    const size: Vec3 = [40, 30, nz];
    const bits = Uint8Array.from(noise(40 * 30 * nz, 4), (value) => value & 1);
    // 64 slices of 240 bytes, and what is before them.
    const engine = await openEngine({ maxBufferBytes: 4096, maxBindingBytes: 64 * 240 + 256 });
    const mask = await uploadMask(engine, gridOf(size), bits);
    const perSlice = Array.from({ length: nz }, (_, z) =>
      bits.subarray(z * 1200, (z + 1) * 1200).reduce((sum, bit) => sum + bit, 0),
    );
    expect([...(await countVoxelsPerSlice(mask))]).toEqual(perSlice);
    expect(await countVoxels(mask)).toBe(perSlice.reduce((sum, count) => sum + count, 0));
    mask.destroy();
  },
);

describe("memory", () => {
  /** Fails the `n`th buffer from now on, and all after it that are larger than `most`. */
  function short(engine: GpuEngine, isRefused: (bytes: number, count: number) => boolean): () => void {
    const { device } = engine;
    const create = device.createBuffer.bind(device);
    let refused = false;
    let count = 0;
    Object.defineProperty(device, "createBuffer", {
      configurable: true,
      value: (descriptor: GPUBufferDescriptor) => {
        refused = isRefused(descriptor.size, count++);
        return create(descriptor);
      },
    });
    const pop = device.popErrorScope.bind(device);
    Object.defineProperty(device, "popErrorScope", {
      configurable: true,
      value: async () => {
        const error = await pop();
        return refused ? { message: "no memory" } : error;
      },
    });
    return () => {
      Reflect.deleteProperty(device, "createBuffer");
      Reflect.deleteProperty(device, "popErrorScope");
    };
  }

  test("that is there in pieces only is taken in pieces", async () => {
    const engine = await openEngine({ maxBindingBytes: 4096 + 256 });
    const restore = short(engine, (bytes) => bytes > 4096);
    const buffer = await engine.allocate("volume", 10_000, "zeroed", 1000);
    restore();
    expect(engine.buffers.get(buffer).parts.length).toBeGreaterThan(1);
    expect(new Uint8Array(await engine.read(buffer, 0, 10_000))).toEqual(new Uint8Array(10_000));
    buffer.destroy();
  });

  test("that ends within a volume leaves nothing behind", async () => {
    const engine = await openEngine();
    const restore = short(engine, (_, count) => count >= 3);
    await expect(engine.allocate("volume", 20_000)).rejects.toMatchObject({
      code: "out-of-memory",
      fields: { got: 20_000 },
    });
    restore();
    expect(engine.memory.bytes).toBe(0);
  });

  test("is never more than the budget: what fits to the byte is taken", async () => {
    const engine = await openEngine({ budgetBytes: 10_000 });
    const first = await engine.allocate("first", 6000);
    await expect(engine.allocate("second", 4004)).rejects.toMatchObject({
      code: "out-of-memory",
      fields: { got: 4004, accepted: 4000 },
    });
    const second = await engine.allocate("second", 4000);
    for (const one of [first, second]) one.destroy();
  });

  test("a view's texture within the budget is of half floats before it is coarser, and coarser before it is none", async () => {
    const voxels = 64 ** 3;
    const texture = async (bytes: number) => {
      const engine = await openEngine({ slabVoxels: 2 ** 11, budgetBytes: 2 * voxels + bytes });
      const volume = await uploadVolume(engine, gridOf([64, 64, 64]), noise(voxels));
      const made = createDisplayTexture(volume).then((display) => {
        display.destroy();
        return [display.texture.format, display.downsampling?.factors];
      });
      return made.catch((error) => error.code).finally(() => volume.destroy());
    };
    // Beside the texture: staging of a slice while it is filled, and extremes of bricks.
    const rest = 2 ** 16;
    expect(await texture(4 * voxels + rest)).toEqual(["r32float", undefined]);
    expect(await texture(4 * voxels - 4)).toEqual(["r16float", undefined]);
    expect(await texture(2 * voxels + rest)).toEqual(["r16float", undefined]);
    expect(await texture(2 * voxels - 4)).toEqual(["r16float", [2, 2, 2]]);
    expect(await texture(4)).toBe("out-of-memory");
  });

  test("a lost device's volume comes back in parts", async () => {
    const engine = await openEngine();
    const buffer = await engine.allocate("volume", 10_000);
    const values = Uint32Array.from({ length: 2500 }, (_, i) => i);
    const restored = new Promise<void>((resolve, reject) => {
      engine.restoreWith?.(buffer, {
        async restore() {
          engine.write(buffer, 0, values);
          resolve();
        },
        failed: reject,
      });
    });
    engine.device.destroy();
    await restored;
    expect(engine.buffers.get(buffer).parts).toHaveLength(3);
    expect(new Uint32Array(await engine.read(buffer, 0, 10_000))).toEqual(values);
    buffer.destroy();
  });
});
