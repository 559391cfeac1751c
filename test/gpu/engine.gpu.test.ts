import { expect, test, vi } from "vitest";
import { testEngine } from "../support/gpu.js";

const engine = testEngine();

test("bytes written come back, and the ledger returns to nothing", async () => {
  const gpu = await engine();
  const buffer = await gpu.allocate("bytes", 4096);
  const written = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) & 255);
  gpu.write(buffer, 0, written);
  expect(new Uint8Array(await gpu.read(buffer, 0, 4096))).toEqual(written);
  expect(new Uint8Array(await gpu.read(buffer, 8, 16))).toEqual(written.subarray(8, 24));
  expect(gpu.memory.snapshot()).toEqual({ bytes: 4096 });
  buffer.destroy();
  buffer.destroy();
  expect(gpu.memory.bytes).toBe(0);
  expect(gpu.memory.peakBytes).toBeGreaterThan(4096);
});

test("a write of no bytes changes nothing and reaches no device", async () => {
  const gpu = await engine();
  const buffer = await gpu.allocate("bytes", 4);
  gpu.write(buffer, 0, Uint8Array.of(1, 2, 3, 4));
  const toDevice = vi.spyOn(gpu.device.queue, "writeBuffer");
  for (const offset of [0, 4]) gpu.write(buffer, offset, new Uint8Array(0));
  expect(toDevice).not.toHaveBeenCalled();
  toDevice.mockRestore();
  expect(new Uint8Array(await gpu.read(buffer, 0, 4))).toEqual(Uint8Array.of(1, 2, 3, 4));
  buffer.destroy();
  expect(() => gpu.write(buffer, 0, new Uint8Array(0))).toThrow(
    expect.objectContaining({ code: "destroyed" }),
  );
});

test("the adapter is named, and is known for software", async () => {
  const { adapter } = await engine();
  expect(adapter.software).toBe(true);
  expect(`${adapter.vendor} ${adapter.architecture} ${adapter.name}`).toMatch(/swiftshader/i);
});
