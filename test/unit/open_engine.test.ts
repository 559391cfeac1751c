import { afterEach, describe, expect, test, vi } from "vitest";
import { openEngine as openInBrowser } from "../../src/browser/open_engine.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { createGpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { type FakeGpuFaults, fakeGpu } from "../support/fake_gpu.js";

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
