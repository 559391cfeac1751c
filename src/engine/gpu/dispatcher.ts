import { HounsfieldError } from "../../core/errors.js";
import type { EngineBuffer, EngineLimits, KernelName, Pass } from "../engine.js";
import type { MemoryLedger } from "../memory_ledger.js";
import { type BufferParts, placesOf, type Stretch } from "./buffer_parts.js";
import { compiled } from "./compiled.js";
import { bufferUsage, shaderStage } from "./constants.js";
import type { ErrorWatch } from "./error_watch.js";
import { type KernelInfo, kernelInfo } from "./kernel_info.js";
import { writeParams } from "./params.js";

/**
 * Uniform offsets are multiples of 256, the default `minUniformBufferOffsetAlignment`; every kernel's params
 * fit in one slot.
 */
const SLOT_BYTES = 256;
/**
 * Passes a submit: one 64 KiB uniform buffer. `writeBuffer` is ordered with submits, so the same buffer
 * serves the next.
 */
const SLOTS = 256;
const MAX_GROUPS = 65535;

/** The buffers behind an engine's buffer. */
export type PartsOf = (buffer: EngineBuffer) => BufferParts;
/** What a pass binds, by name. */
export type Places = Readonly<Record<string, Stretch>>;

/** A pass of a submit, and where its params lie. */
export interface PlacedPass {
  readonly pass: Pass;
  readonly kernel: KernelInfo;
  readonly slot: number;
}

/** How the passes of a submit are encoded, each by `encodeOne`; what it gives is called when that is done. */
export type EncodePasses = (
  encoder: GPUCommandEncoder,
  passes: readonly PlacedPass[],
  encodeOne: (computing: GPUComputePassEncoder, pass: PlacedPass, places: Places) => void,
) => (() => void) | undefined;

interface KernelPipeline {
  readonly kernel: KernelInfo;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Runs passes on a device: compiles each kernel once, at its first use, and submits passes in order. */
export function createDispatcher(
  device: GPUDevice,
  during: ErrorWatch["during"],
  { maxBindingBytes }: EngineLimits,
) {
  const pipelines = new Map<KernelName, Promise<KernelPipeline>>();
  const uniforms = device.createBuffer({
    label: "params",
    size: SLOT_BYTES * SLOTS,
    usage: bufferUsage.uniform | bufferUsage.copyDestination,
  });

  const pipelineOf = (name: KernelName): Promise<KernelPipeline> => {
    const known = pipelines.get(name);
    if (known) return known;
    const made = compileKernel(device, name);
    pipelines.set(name, made);
    return made;
  };

  return {
    /** `memory` knows what is held while passes cross from one part of a buffer to the next. */
    async submit(passes: readonly Pass[], partsOf: PartsOf, memory: MemoryLedger): Promise<void> {
      const compiled = await Promise.all(passes.map((pass) => pipelineOf(pass.kernel)));
      const bound = passes.flatMap(({ bindings }) => Object.values(bindings));
      const over = bound.find(({ bytes }) => bytes > maxBindingBytes);
      if (over) {
        const { label } = "buffer" in over ? over.buffer : over;
        throw (await import("../over_limit.js")).overBinding(label, over.bytes, maxBindingBytes);
      }
      const crosses = bound.some((one) => placesOf(one, partsOf).length > 1);
      // Loaded where a volume is too large for one buffer: few are.
      const encode = crosses
        ? (await import("./encode_across_parts.js")).encodeAcrossParts(device, partsOf, memory)
        : encodeTogether(partsOf);
      for (let first = 0; first < passes.length; first += SLOTS) {
        const batch = passes
          .slice(first, first + SLOTS)
          .map((pass, slot) => ({ pass, kernel: compiled[first + slot].kernel, slot }));
        during(() => {
          device.queue.writeBuffer(uniforms, 0, packParams(batch));
          const encoder = device.createCommandEncoder();
          const finish = encode(encoder, batch, (computing, { pass, slot }, places) =>
            encodePass(device, computing, pass, compiled[first + slot], uniforms, slot, places),
          );
          device.queue.submit([encoder.finish()]);
          finish?.();
        });
      }
    },
    destroy() {
      uniforms.destroy();
      pipelines.clear();
    },
  };
}

/** Passes that find all they bind in one place each. */
const encodeTogether =
  (partsOf: PartsOf): EncodePasses =>
  (encoder, passes, encodeOne) => {
    const computing = encoder.beginComputePass();
    for (const placed of passes) {
      const bound = Object.entries(placed.pass.bindings);
      const places = bound.map(([name, one]) => [name, placesOf(one, partsOf)[0]] as const);
      encodeOne(computing, placed, Object.fromEntries(places));
    }
    computing.end();
    return undefined;
  };

async function compileKernel(device: GPUDevice, name: KernelName): Promise<KernelPipeline> {
  const kernel = await kernelInfo(name);
  const layout = device.createBindGroupLayout({
    label: name,
    entries: [
      { binding: 0, visibility: shaderStage.compute, buffer: { type: "uniform", hasDynamicOffset: true } },
      ...Object.values(kernel.bindings).map(({ binding, type }) => ({
        binding,
        visibility: shaderStage.compute,
        buffer: { type: type as GPUBufferBindingType },
      })),
    ],
  });
  const pipeline = device.createComputePipelineAsync({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: name, code: kernel.code }), entryPoint: "main" },
  });
  return { kernel, pipeline: await compiled(name, pipeline), layout };
}

function packParams(passes: readonly PlacedPass[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(passes.length * SLOT_BYTES));
  for (const { pass, kernel, slot } of passes)
    writeParams(view, slot * SLOT_BYTES, kernel.params, pass.params);
  return view.buffer;
}

function encodePass(
  device: GPUDevice,
  computing: GPUComputePassEncoder,
  pass: Pass,
  { kernel, pipeline, layout }: KernelPipeline,
  uniforms: GPUBuffer,
  slot: number,
  places: Places,
): void {
  const groups = pass.invocations.map((count, axis) => Math.ceil(count / kernel.workgroupSize[axis]));
  if (groups.some((count) => count > MAX_GROUPS)) {
    throw new HounsfieldError(
      "internal",
      `${pass.kernel}: ${groups.join(" x ")} workgroups are too many for one pass`,
    );
  }
  const entries: GPUBindGroupEntry[] = [{ binding: 0, resource: { buffer: uniforms, size: SLOT_BYTES } }];
  for (const [name, { source: buffer, offset, bytes: size }] of Object.entries(places)) {
    entries.push({ binding: kernel.bindings[name].binding, resource: { buffer, offset, size } });
  }
  computing.setPipeline(pipeline);
  computing.setBindGroup(0, device.createBindGroup({ label: pass.kernel, layout, entries }), [
    slot * SLOT_BYTES,
  ]);
  computing.dispatchWorkgroups(groups[0], groups[1], groups[2]);
}
