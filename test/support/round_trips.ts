/**
 * How often a task asked the device for something and had to wait for the answer: each costs from 0.3 ms up,
 * 100 ms in some browsers.
 */
export interface RoundTrips {
  /** `onSubmittedWorkDone`. */
  readonly waits: number;
  /** `mapAsync`. */
  readonly readbacks: number;
  /** `popErrorScope`: one an allocation. */
  readonly scopes: number;
  readonly submits: number;
}

/** Counts what is asked of a device from now on; `during` gives the counts of a task alone. */
export function countRoundTrips(device: GPUDevice) {
  const counts = { waits: 0, readbacks: 0, scopes: 0, submits: 0 };
  const { queue } = device;
  const replace = <T extends object, K extends keyof T>(on: T, name: K, value: T[K]) =>
    Object.defineProperty(on, name, { value, configurable: true });
  const onSubmittedWorkDone = queue.onSubmittedWorkDone.bind(queue);
  replace(queue, "onSubmittedWorkDone", () => {
    counts.waits++;
    return onSubmittedWorkDone();
  });
  const submit = queue.submit.bind(queue);
  replace(queue, "submit", (buffers) => {
    // Empty ones are pokes (after_work.ts), as many as the device is slow.
    if ([...buffers].length > 0) counts.submits++;
    return submit(buffers);
  });
  replace(device, "queue", queue);
  const popErrorScope = device.popErrorScope.bind(device);
  replace(device, "popErrorScope", () => {
    counts.scopes++;
    return popErrorScope();
  });
  const createBuffer = device.createBuffer.bind(device);
  replace(device, "createBuffer", (descriptor) => {
    const buffer = createBuffer(descriptor);
    const mapAsync = buffer.mapAsync.bind(buffer);
    replace(buffer, "mapAsync", (...range) => {
      counts.readbacks++;
      return mapAsync(...range);
    });
    return buffer;
  });
  return {
    async during(task: () => Promise<unknown>): Promise<RoundTrips> {
      const before = { ...counts };
      await task();
      return {
        waits: counts.waits - before.waits,
        readbacks: counts.readbacks - before.readbacks,
        scopes: counts.scopes - before.scopes,
        submits: counts.submits - before.submits,
      };
    },
  };
}
