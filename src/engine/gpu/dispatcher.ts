import { HounsfieldError } from "../../core/errors.js";
import type { EngineBuffer, KernelName, Pass } from "../engine.js";
import { compiled } from "./compiled.js";
import { bufferUsage, shaderStage } from "./constants.js";
import type { ErrorWatch } from "./error_watch.js";
import { type KernelInfo, kernelInfo } from "./kernel_info.js";
import { writeParams } from "./params.js";

/**
 * Uniform offsets are multiples of 256, the default `minUniformBufferOffsetAlignment`; every kernel's params
 * fit in one slot.
 */
const slotBytes = 256;
/**
 * Passes a submit: one 64 KiB uniform buffer. `writeBuffer` is ordered with submits, so the same buffer
 * serves the next.
 */
const slots = 256;
const maxGroups = 65535;

interface KernelPipeline {
  readonly kernel: KernelInfo;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Runs passes on a device: compiles each kernel once, at its first use, and submits passes in order. */
export function createDispatcher(device: GPUDevice, during: ErrorWatch["during"]) {
  const pipelines = new Map<KernelName, Promise<KernelPipeline>>();
  const uniforms = device.createBuffer({
    label: "params",
    size: slotBytes * slots,
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
    async submit(passes: readonly Pass[], gpuBuffer: (buffer: EngineBuffer) => GPUBuffer): Promise<void> {
      const compiled = await Promise.all(passes.map((pass) => pipelineOf(pass.kernel)));
      for (let first = 0; first < passes.length; first += slots) {
        const batch = passes.slice(first, first + slots);
        during(() => {
          device.queue.writeBuffer(uniforms, 0, packParams(batch, compiled.slice(first)));
          const encoder = device.createCommandEncoder();
          const computing = encoder.beginComputePass();
          batch.forEach((pass, slot) => {
            encodePass(device, computing, pass, compiled[first + slot], uniforms, slot, gpuBuffer);
          });
          computing.end();
          device.queue.submit([encoder.finish()]);
        });
      }
    },
    destroy() {
      uniforms.destroy();
      pipelines.clear();
    },
  };
}

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

function packParams(passes: readonly Pass[], compiled: readonly KernelPipeline[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(passes.length * slotBytes));
  passes.forEach((pass, slot) => {
    writeParams(view, slot * slotBytes, compiled[slot].kernel.params, pass.params);
  });
  return view.buffer;
}

function encodePass(
  device: GPUDevice,
  computing: GPUComputePassEncoder,
  pass: Pass,
  { kernel, pipeline, layout }: KernelPipeline,
  uniforms: GPUBuffer,
  slot: number,
  gpuBuffer: (buffer: EngineBuffer) => GPUBuffer,
): void {
  const groups = pass.invocations.map((count, axis) => Math.ceil(count / kernel.workgroupSize[axis]));
  if (groups.some((count) => count > maxGroups)) {
    throw new HounsfieldError(
      "internal",
      `${pass.kernel}: ${groups.join(" x ")} workgroups are too many for one pass`,
    );
  }
  const entries: GPUBindGroupEntry[] = [{ binding: 0, resource: { buffer: uniforms, size: slotBytes } }];
  for (const [name, bound] of Object.entries(pass.bindings)) {
    const resource =
      "buffer" in bound
        ? { buffer: gpuBuffer(bound.buffer), offset: bound.offsetBytes, size: bound.bytes }
        : { buffer: gpuBuffer(bound) };
    entries.push({ binding: kernel.bindings[name].binding, resource });
  }
  computing.setPipeline(pipeline);
  computing.setBindGroup(0, device.createBindGroup({ label: pass.kernel, layout, entries }), [
    slot * slotBytes,
  ]);
  computing.dispatchWorkgroups(groups[0], groups[1], groups[2]);
}
