import { expect, test } from "vitest";
import { median } from "../../src/ops/filter/median.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testEngine();

/** What no device takes: reported without being asked. */
const invalid = { size: 4, usage: 0x1 | 0x80 } as const;

test("what goes wrong after an operation returned is thrown by the next call that can, once and whole", async () => {
  const on = await engine();
  const volume = await uploadVolume(on, gridOf([8, 6, 5]), new Int16Array(240));
  const filtered = await median(volume);
  for (let i = 0; i < 3; i++) on.device.createBuffer(invalid);
  const failure = await on.idle().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "internal", message: expect.stringMatching(/^WebGPU: /) });
  expect((failure as Error).cause).toMatchObject({ errors: { length: 3 } });
  await on.idle();
  expect(await filtered.read()).toEqual(new Int16Array(240));
  for (const held of [volume, filtered]) held.destroy();
});

test("a read throws what went wrong before it, and so does an operation", async () => {
  const on = await engine();
  const volume = await uploadVolume(on, gridOf([8, 6, 5]), new Int16Array(240));
  on.device.createBuffer(invalid);
  await expect(volume.read()).rejects.toMatchObject({ code: "internal" });
  await volume.read();
  on.device.createBuffer(invalid);
  // That the device has reported it by then is its own affair; that it is never lost is the engine's.
  const heard = await median(volume).then(
    async (filtered) => {
      const error = await on.idle().catch((late: unknown) => late);
      filtered.destroy();
      return error;
    },
    (error: unknown) => error,
  );
  expect(heard).toMatchObject({ code: "internal" });
  volume.destroy();
});

test("want of memory that nobody asked about is told as such, whatever else it led to", async () => {
  const on = await engine();
  const report = (name: string) => {
    const error = { message: name, [Symbol.toStringTag]: name };
    on.device.dispatchEvent(Object.assign(new Event("uncapturederror"), { error }));
  };
  report("GPUValidationError");
  report("GPUOutOfMemoryError");
  await expect(on.idle()).rejects.toMatchObject({
    code: "out-of-memory",
    message: "WebGPU: GPUOutOfMemoryError",
  });
  await on.idle();
});
