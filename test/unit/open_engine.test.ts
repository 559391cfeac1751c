import { afterEach, describe, expect, test, vi } from "vitest";
import { openEngine as openInBrowser } from "../../src/browser/open_engine.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Vec3 } from "../../src/core/grid.js";
import { createGpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import type { OpenEngineOptions } from "../../src/volume/open_engine_options.js";
import { type FakeGpuFaults, fakeGpu } from "../support/fake_gpu.js";
import { gridOf } from "../support/volumes.js";

const refusal = () => new DOMException("the driver is blocked", "OperationError");

/** What a driver may do, and whether a second try helps. */
const faulty: readonly [string, FakeGpuFaults, "helps" | "does not help"][] = [
  ["refuses every device", { device: refusal }, "does not help"],
  [
    "refuses the limits that it advertises",
    { device: ({ requiredLimits }) => (requiredLimits ? refusal() : undefined) },
    "helps",
  ],
  [
    "refuses once, whatever is asked",
    { device: (_, attempt) => (attempt === 1 ? new TypeError("spent") : undefined) },
    "helps",
  ],
  ["gives lost devices", { lostAtBirth: () => true }, "does not help"],
  ["gives a lost device once", { lostAtBirth: (attempt) => attempt === 1 }, "helps"],
  ["gives lost devices that do not answer", { lostAtBirth: () => true, mute: true }, "does not help"],
  ["gives devices with an internal error", { internal: () => "out of handles" }, "does not help"],
  [
    "gives one with an internal error",
    { internal: (attempt) => (attempt === 1 ? "out of handles" : undefined) },
    "helps",
  ],
  ["has no adapter", { adapter: () => null }, "does not help"],
  ["throws at the adapter", { adapter: () => refusal() }, "does not help"],
  [
    "has no adapter after a refusal",
    { device: refusal, adapter: (attempt) => (attempt > 1 ? null : undefined) },
    "does not help",
  ],
];

describe.each(faulty)("a driver that %s", (_, faults, secondTry) => {
  afterEach(() => vi.unstubAllGlobals());

  test("is asked twice, for less the second time; then it is `no-gpu`, and no device is left", async () => {
    const { gpu, descriptors, alive } = fakeGpu(faults);
    if (secondTry === "helps") {
      const engine = await createGpuEngine(gpu);
      expect(descriptors.map(({ requiredLimits }) => requiredLimits !== undefined)).toEqual([true, false]);
      expect(alive()).toBe(1);
      engine.destroy();
    } else {
      const error: unknown = await createGpuEngine(gpu).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(isHounsfieldError(error, "no-gpu")).toBe(true);
      if (faults.device) expect(error).toMatchObject({ cause: expect.any(DOMException) });
    }
    expect(alive()).toBe(0);
  });

  test("in a page: auto takes the CPU engine where it does not, and gpu says no-gpu", async () => {
    vi.stubGlobal("navigator", { gpu: fakeGpu(faults).gpu, hardwareConcurrency: 1 });
    const engine = await openInBrowser();
    expect(engine.capabilities.processor).toBe(secondTry === "helps" ? "gpu" : "cpu");
    engine.destroy();
    vi.stubGlobal("navigator", { gpu: fakeGpu(faults).gpu, hardwareConcurrency: 1 });
    const asked = openInBrowser({ device: "gpu" });
    if (secondTry === "helps") (await asked).destroy();
    else await expect(asked).rejects.toMatchObject({ name: "HounsfieldError", code: "no-gpu" });
  });
});

test("a driver without faults is asked once, for all that it has", async () => {
  const { gpu, descriptors } = fakeGpu();
  const engine = await createGpuEngine(gpu);
  expect(descriptors).toHaveLength(1);
  expect(descriptors[0]).toMatchObject({
    requiredLimits: { maxBufferSize: 2 ** 31 },
    requiredFeatures: ["float32-filterable"],
  });
  expect(engine.limits.maxBufferBytes).toBe(2 ** 31);
  engine.destroy();
});

test("where navigator.gpu is there and nothing of it works as written, it is no-gpu too", async () => {
  vi.stubGlobal("navigator", { gpu: {}, hardwareConcurrency: 1 });
  const engine = await openInBrowser();
  expect(engine.capabilities.processor).toBe("cpu");
  engine.destroy();
  await expect(openInBrowser({ device: "gpu" })).rejects.toMatchObject({ code: "no-gpu" });
  vi.unstubAllGlobals();
});

describe("auto, told of the series that will be loaded", () => {
  afterEach(() => vi.unstubAllGlobals());
  /** The fake's buffers are 2 GiB at most, its bindings 1 GiB. */
  const seriesOf = (size: Vec3) => ({ grid: gridOf(size) });
  const open = (options: OpenEngineOptions) => {
    const { gpu, alive } = fakeGpu();
    vi.stubGlobal("navigator", { gpu, hardwareConcurrency: 1 });
    return openInBrowser(options).then((engine) => ({ engine, alive }));
  };

  test.each<[string, OpenEngineOptions]>([
    ["fits a buffer", { series: seriesOf([1024, 1024, 1024]) }],
    ["is larger than the device's buffers", { series: seriesOf([1024, 1024, 4096]) }],
    [
      "is within the budget",
      { series: seriesOf([512, 512, 100]), budget: { gpuBytes: 6 * 512 * 512 * 100 } },
    ],
  ])("takes the GPU where it %s", async (_, options) => {
    const { engine } = await open(options);
    expect([engine.capabilities.processor, engine.whyCpu]).toEqual(["gpu", undefined]);
    engine.destroy();
  });

  test.each<[string, OpenEngineOptions, RegExp]>([
    ["has slices larger than a binding", { series: seriesOf([32768, 32768, 2]) }, /a slice of 32768 x 32768/],
    [
      "is beyond the budget",
      { series: seriesOf([512, 512, 100]), budget: { gpuBytes: 6 * 512 * 512 * 100 - 1 } },
      /the budget is 157286399/,
    ],
  ])("takes the CPU where it %s, says why, and no device is left", async (_, options, reason) => {
    const { engine, alive } = await open(options);
    expect(engine.capabilities.processor).toBe("cpu");
    expect(engine.whyCpu).toEqual({ code: "limit-exceeded", reason: expect.stringMatching(reason) });
    expect(alive()).toBe(0);
    engine.destroy();
    const asked = await open({ ...options, device: "gpu" });
    expect(asked.engine.capabilities.processor).toBe("gpu");
    asked.engine.destroy();
  });

  test("there is no GPU: that is why", async () => {
    vi.stubGlobal("navigator", { hardwareConcurrency: 1 });
    const engine = await openInBrowser({ series: seriesOf([8, 8, 8]) });
    expect(engine.whyCpu).toEqual({ code: "no-gpu", reason: expect.stringContaining("no WebGPU") });
    engine.destroy();
  });

  test("the CPU engine holds no more than its budget", async () => {
    vi.stubGlobal("navigator", { hardwareConcurrency: 1 });
    const engine = await openInBrowser({ device: "cpu", budget: { hostBytes: 1000 } });
    (await engine.allocate("all", 1000)).destroy();
    await expect(engine.allocate("more", 1004)).rejects.toMatchObject({
      code: "out-of-memory",
      fields: { got: 1004, accepted: 1000 },
    });
    expect(engine.limits.budgetBytes).toBe(1000);
    engine.destroy();
  });

  test.each([
    [{ budget: { gpuBytes: 0 } }, "gpuBytes"],
    [{ budget: { hostBytes: 1.5 } }, "hostBytes"],
    [{ budget: { bytes: 5 } }, "bytes"],
    [{ series: 3 }, "series"],
  ])("%j is refused", async (options, option) => {
    await expect(openInBrowser(options as OpenEngineOptions)).rejects.toMatchObject({
      code: "invalid-option",
      fields: { option },
    });
  });
});
