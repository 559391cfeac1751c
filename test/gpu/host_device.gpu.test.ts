import { afterAll, describe, expect, test, vi } from "vitest";
import { createGpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";
import { openEngine } from "../../src/node/open_engine.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { gpuRangesOf } from "../../src/render/texture/gpu_engine_of.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { createVolume } from "../../src/volume/create_volume.js";
import { gridOf } from "../support/volumes.js";

// A device that its host made, with no more than the defaults of WebGPU, shared with an engine.

const adapters: GPUAdapter[] = [];
async function hostDevice(): Promise<GPUDevice> {
  const { gpu } = await findGpu("only");
  const adapter = await gpu.requestAdapter({ forceFallbackAdapter: true });
  if (!adapter) throw new Error("no adapter");
  adapters.push(adapter);
  return adapter.requestDevice({ label: "host" });
}

const opened: GPUDevice[] = [];
afterAll(() => {
  for (const device of opened) device.destroy();
});

const grid = gridOf([8, 8, 8]);
const data = Int16Array.from({ length: 512 }, (_, i) => i);
const STORAGE = 0x80 | 0x4 | 0x8;

describe("an engine on a host's device", () => {
  test("computes and draws on it, and neither destroys it nor takes its handlers", async () => {
    const device = await hostDevice();
    opened.push(device);
    const handler = vi.fn();
    device.onuncapturederror = handler;
    const engine = await openEngine({ device, workers: 0 });
    expect(engine.device).toBe(device);
    expect(engine.capabilities).toMatchObject({ processor: "gpu", rendering: true });
    expect(engine.adapter.software).toBe(true);
    const volume = await createVolume(engine, { data, grid });
    const mask = await threshold(volume, { belowHu: 100 });
    expect((await mask.read()).reduce((sum, one) => sum + one, 0)).toBe(100);
    const pixels = await renderToPixels(volume, { projection: "mip" }, { width: 8, height: 8 });
    expect(Math.max(...pixels)).toBe(255);
    expect(device.onuncapturederror).toBe(handler);
    engine.destroy();
    expect(engine.memory.snapshot()).toEqual({});
    // The host goes on.
    const own = device.createBuffer({ size: 16, usage: STORAGE });
    device.queue.writeBuffer(own, 0, new Uint32Array(4));
    await device.queue.onSubmittedWorkDone();
    own.destroy();
    expect(handler).not.toHaveBeenCalled();
  });

  test("the host's mistakes are the host's: operations do not throw them", async () => {
    const device = await hostDevice();
    opened.push(device);
    const handler = vi.fn();
    device.onuncapturederror = handler;
    const engine = await openEngine({ device, workers: 0 });
    const volume = await createVolume(engine, { data, grid });
    device.createBuffer({ size: 8, usage: 3 });
    await device.queue.onSubmittedWorkDone();
    const mask = await threshold(volume, { belowHu: 100 });
    await engine.idle();
    expect((await mask.read()).includes(1)).toBe(true);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    engine.destroy();
  });

  test("its own are thrown by it, and not told to the host", async () => {
    const device = await hostDevice();
    opened.push(device);
    const handler = vi.fn();
    device.onuncapturederror = handler;
    const engine = await openEngine({ device, workers: 0 });
    const buffer = await engine.allocate("small", 16);
    engine.write(buffer, 8, new Uint32Array(4));
    await expect(engine.idle()).rejects.toMatchObject({ code: "internal" });
    await engine.idle();
    expect(handler).not.toHaveBeenCalled();
    engine.destroy();
  });

  test("buffers go both ways without a copy: a volume's is the device's", async () => {
    const device = await hostDevice();
    opened.push(device);
    const engine = await openEngine({ device, workers: 0 });
    const volume = await createVolume(engine, { grid });
    const own = device.createBuffer({ size: 1024, usage: STORAGE });
    device.queue.writeBuffer(own, 0, data);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(own, 0, gpuRangesOf(volume)[0].buffer as GPUBuffer, 0, 1024);
    device.queue.submit([encoder.finish()]);
    expect(await volume.read()).toEqual(data);
    own.destroy();
    engine.destroy();
  });

  test("is at its end when the device is lost, whoever did that", async () => {
    const device = await hostDevice();
    const engine = await openEngine({ device, workers: 0 });
    const volume = await createVolume(engine, { data, grid });
    const events: string[] = [];
    engine.onDevice?.(({ kind }) => events.push(kind));
    device.destroy();
    await engine.lost;
    await expect(volume.read()).rejects.toMatchObject({ code: "device-lost" });
    expect(events).toEqual(["lost", "gone"]);
    engine.destroy();
  });

  test.each([
    ["software", "only"],
    ["powerPreference", "low-power"],
    ["requiredFeatures", []],
    ["requiredLimits", {}],
  ])("%s beside it is refused", async (name, value) => {
    const device = await hostDevice();
    opened.push(device);
    await expect(openEngine({ device, [name]: value })).rejects.toMatchObject({
      code: "invalid-option",
      fields: { option: name },
    });
  });
});

describe("a device of ours for others", () => {
  test("has what the adapter has of what neighbors need", async () => {
    const { gpu } = await findGpu("only");
    const engine = await createGpuEngine(gpu, { software: true });
    const { limits, features } = engine.device as GPUDevice;
    const offered = (await gpu.requestAdapter({ forceFallbackAdapter: true })) as GPUAdapter;
    for (const name of ["maxComputeWorkgroupStorageSize", "maxComputeInvocationsPerWorkgroup"] as const)
      expect(limits[name]).toBe(offered.limits[name]);
    for (const feature of ["shader-f16", "subgroups", "timestamp-query", "float32-filterable"])
      expect(features.has(feature)).toBe(offered.features.has(feature));
    engine.destroy();
  });

  test("has what is required, or there is none", async () => {
    const options = { device: "gpu", software: "only", workers: 0 } as const;
    const engine = await openEngine({
      ...options,
      requiredFeatures: ["rg11b10ufloat-renderable"],
      requiredLimits: { maxBindGroups: 4, maxVertexBuffers: 8 },
    });
    expect((engine.device as GPUDevice).features.has("rg11b10ufloat-renderable")).toBe(true);
    engine.destroy();
    await expect(openEngine({ ...options, requiredFeatures: ["no-such-feature"] })).rejects.toMatchObject({
      code: "no-gpu",
    });
    await expect(openEngine({ ...options, requiredLimits: { maxBindGroups: 1e6 } })).rejects.toMatchObject({
      code: "no-gpu",
    });
  });

  test.each([
    ["requiredFeatures", [3]],
    ["requiredFeatures", "shader-f16"],
    ["requiredLimits", { maxBindGroups: -1 }],
    ["requiredLimits", ["maxBindGroups"]],
    ["device", {}],
    ["device", { queue: {} }],
  ])("%s %j is refused by its name", async (name, value) => {
    await expect(openEngine({ [name]: value } as object)).rejects.toMatchObject({
      code: "invalid-option",
      fields: { option: name },
    });
  });
});
