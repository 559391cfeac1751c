/**
 * How a fake GPU misbehaves, by the number of the try: a driver's faults that no real one can be made to
 * have.
 */
export interface FakeGpuFaults {
  /** What `requestAdapter` rejects with, or gives instead of an adapter. */
  readonly adapter?: (attempt: number) => Error | null | undefined;
  /** What `requestDevice` rejects with. */
  readonly device?: (descriptor: GPUDeviceDescriptor, attempt: number) => Error | undefined;
  /** Whether the device is lost already when it is given. */
  readonly lostAtBirth?: (attempt: number) => boolean;
  /** What the device reports of an internal error. */
  readonly internal?: (attempt: number) => string | undefined;
  /** A device that answers nothing any more: `popErrorScope` stays open. */
  readonly mute?: boolean;
  /** Whether a CPU plays it. */
  readonly isSoftware?: boolean;
}

export interface FakeGpu {
  readonly gpu: GPU;
  /** Of each device that was asked for. */
  readonly descriptors: GPUDeviceDescriptor[];
  /** How many devices there are that nobody destroyed. */
  readonly alive: () => number;
}

const limits = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 30, maxTextureDimension3D: 4096 };

/** A GPU with just what opening an engine touches. */
export function fakeGpu(faults: FakeGpuFaults = {}): FakeGpu {
  const descriptors: GPUDeviceDescriptor[] = [];
  let adapters = 0;
  let alive = 0;
  const requestDevice = async (descriptor: GPUDeviceDescriptor = {}) => {
    const attempt = descriptors.push(descriptor);
    const refusal = faults.device?.(descriptor, attempt);
    if (refusal) throw refusal;
    alive++;
    const isLost = faults.lostAtBirth?.(attempt) ?? false;
    const message = faults.internal?.(attempt);
    return {
      limits: { ...limits, ...descriptor.requiredLimits },
      features: new Set(descriptor.requiredFeatures),
      lost: isLost ? Promise.resolve({ reason: "unknown", message: "born so" }) : new Promise(() => {}),
      queue: { onSubmittedWorkDone: async () => {}, submit() {}, writeBuffer() {} },
      createBuffer: ({ size }: GPUBufferDescriptor) => ({ size, destroy() {} }),
      addEventListener() {},
      removeEventListener() {},
      pushErrorScope() {},
      popErrorScope: () =>
        faults.mute ? new Promise(() => {}) : Promise.resolve(message ? { message } : null),
      destroy: () => void alive--,
    };
  };
  const requestAdapter = async () => {
    const fault = faults.adapter?.(++adapters);
    if (fault === null) return null;
    if (fault) throw fault;
    const info = {
      vendor: "fake",
      architecture: "",
      description: "a fake",
      device: "",
      isFallbackAdapter: faults.isSoftware ?? false,
    };
    return { limits, features: new Set(["float32-filterable"]), info, requestDevice };
  };
  // Only what is used is there: the rest of WebGPU's interfaces would be hundreds of members that nothing
  // calls.
  const gpu: Pick<GPU, never> = { requestAdapter, wgslLanguageFeatures: new Set() };
  return { gpu: gpu as GPU, descriptors, alive: () => alive };
}
