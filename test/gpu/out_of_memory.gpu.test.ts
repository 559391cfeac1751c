import { expect, test } from "vitest";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

/** A device that is short of memory at the next allocation: SwiftShader has the machine's. */
async function shortOfMemory(): Promise<() => void> {
  const { device } = await engine();
  const failing = { value: async () => ({ message: "no memory" }), configurable: true };
  Object.defineProperty(device, "popErrorScope", failing);
  return () => Reflect.deleteProperty(device, "popErrorScope");
}

test("a device without memory is an error that says how much was asked for, and nothing is left behind", async () => {
  const on = await engine();
  const volume = await uploadVolume(on, gridOf([8, 6, 5]), new Int16Array(240));
  const held = on.memory.snapshot();
  const restore = await shortOfMemory();
  await expect(on.allocate("mask", 1000)).rejects.toMatchObject({
    code: "out-of-memory",
    fields: { got: 1000 },
    message: expect.stringContaining('1000 bytes for "mask"'),
  });
  await expect(createDisplayTexture(volume, { format: "r16float" })).rejects.toMatchObject({
    code: "out-of-memory",
    fields: { got: 8 * 6 * 5 * 2 },
  });
  restore();
  expect(on.memory.snapshot()).toEqual(held);
  (await createDisplayTexture(volume)).destroy();
  volume.destroy();
});

test("memory that is short only until the device is done with what was freed is waited for", async () => {
  const on = await engine();
  const restore = await shortOfMemory();
  const { device } = on;
  const failing = device.popErrorScope;
  // Short once: what is asked after the wait is there.
  const failingOnce = () => {
    restore();
    return failing.call(device);
  };
  Object.defineProperty(device, "popErrorScope", { value: failingOnce, configurable: true });
  const buffer = await on.allocate("mask", 1000);
  expect(on.memory.snapshot()).toEqual({ mask: 1000 });
  buffer.destroy();
});
