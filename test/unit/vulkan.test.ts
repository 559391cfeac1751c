import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { findGpu } from "../../src/node/dawn.js";
import { vulkanAdvice, vulkanSetup, withQuietDrivers } from "../../src/node/vulkan.js";
import { type FakeGpuFaults, fakeGpu } from "../support/fake_gpu.js";

/** A machine's files, all empty. */
function machineWith(...files: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "hounsfield-machine-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  return root;
}

const mesa = ["lvp", "intel"].map((name) => `usr/share/vulkan/icd.d/${name}_icd.x86_64.json`);

describe("what a Linux machine has, from its files", () => {
  test.each([
    ["nothing", [], false, 0, /sees no GPU/],
    ["Mesa alone, as a server or a container", ["dev/dri/card0", ...mesa], false, 2, /sees no GPU/],
    ["a GPU without a driver", ["dev/dri/renderD128"], true, 0, /no Vulkan driver for it: install one/],
    ["a GPU and Mesa", ["dev/dri/renderD129", ...mesa], true, 2, /\(.*lvp_icd.*\).*newer ones may/],
    ["NVIDIA's", ["dev/nvidia0", "etc/vulkan/icd.d/nvidia_icd.json"], true, 1, /newer ones may/],
    [
      "NVIDIA's control node only",
      ["dev/nvidiactl", "etc/vulkan/icd.d/nvidia_icd.json"],
      false,
      1,
      /sees no GPU/,
    ],
    ["Windows' below", ["dev/dxg", ...mesa], true, 2, /newer ones may/],
  ])("%s", (_, files, hasGpu, drivers, advice) => {
    const setup = vulkanSetup(machineWith(...files), {});
    expect([setup.hasGpu, setup.drivers.length]).toEqual([hasGpu, drivers]);
    expect(vulkanAdvice(setup)).toMatch(advice);
  });

  test("drivers that the environment names are asked without a device node, where they are there", () => {
    const root = machineWith("a.json", ...mesa);
    const there = join(root, "a.json");
    for (const name of ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"]) {
      expect(vulkanSetup(root, { [name]: `${there}:/nowhere.json` })).toEqual({
        hasGpu: true,
        drivers: [there],
      });
      expect(vulkanSetup(root, { [name]: "/nowhere.json" })).toEqual({ hasGpu: false, drivers: [] });
    }
  });
});

test("drivers are asked quietly, and the environment is as before", async () => {
  const before = { ...process.env };
  onTestFinished(() => void Object.assign(process.env, before));
  delete process.env.XDG_RUNTIME_DIR;
  process.env.VK_LOADER_DRIVERS_DISABLE = "mine";
  const during = await withQuietDrivers(async () => [
    process.env.XDG_RUNTIME_DIR,
    process.env.VK_LOADER_DRIVERS_DISABLE,
  ]);
  expect(during).toEqual([tmpdir(), "mine"]);
  expect([process.env.XDG_RUNTIME_DIR, process.env.VK_LOADER_DRIVERS_DISABLE]).toEqual([undefined, "mine"]);
  delete process.env.VK_LOADER_DRIVERS_DISABLE;
  const failing = withQuietDrivers(() => Promise.reject(new Error(process.env.VK_LOADER_DRIVERS_DISABLE)));
  await expect(failing).rejects.toThrow("*lvp*");
  expect(process.env.VK_LOADER_DRIVERS_DISABLE).toBeUndefined();
});

describe("a runtime that has WebGPU itself", () => {
  afterEach(() => vi.unstubAllGlobals());
  const found = async (software: "never" | "fallback" | "only", faults: FakeGpuFaults = {}) => {
    const { gpu } = fakeGpu(faults);
    vi.stubGlobal("navigator", { gpu });
    return { gpu, choice: await findGpu(software) };
  };

  test.each([
    ["never", false],
    ["fallback", false],
    ["fallback", true],
    ["only", true],
  ] as const)("software %s, which it is: %s", async (software, isSoftware) => {
    const { gpu, choice } = await found(software, { isSoftware });
    expect(choice.gpu).toBe(gpu);
    expect(choice.software).toBe(isSoftware);
  });

  test.each<[string, FakeGpuFaults]>([
    ["is of the other kind", { isSoftware: false }],
    ["has no adapter", { adapter: () => null }],
    ["refuses to say", { adapter: () => new Error("not now") }],
  ])("is left for Dawn's where it %s", async (_, faults) => {
    const { gpu, choice } = await found("only", faults);
    expect(choice.gpu).not.toBe(gpu);
    expect(choice.software).toBe(true);
  });
});
