import { compiled } from "../../engine/gpu/compiled.js";
import { bufferUsage } from "../../engine/gpu/constants.js";
import { writeParams } from "../../engine/gpu/params.js";
import { frameKernels } from "../../engine/kernels.generated.js";

type Kernels = typeof frameKernels;
type FrameKernelName = keyof Kernels;
type ParamsOf<K extends FrameKernelName> = {
  readonly [F in keyof Kernels[K]["params"]["fields"]]: number | ArrayLike<number>;
};

/**
 * A kernel with its resources, run in the encoder of a frame; made once, so that a frame allocates nothing.
 */
export interface FrameJob<K extends FrameKernelName> {
  encode(pass: GPUComputePassEncoder, params: ParamsOf<K>, invocations: readonly number[]): void;
  /** Idempotent. */
  destroy(): void;
}

export function compileFrameKernel(device: GPUDevice, name: FrameKernelName): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label: name, code: frameKernels[name].code });
  const compute = { module, entryPoint: "main" };
  return compiled(name, device.createComputePipelineAsync({ label: name, layout: "auto", compute }));
}

/** Each job has params of its own: several are encoded before one submit. */
export function createFrameJob<K extends FrameKernelName>(
  device: GPUDevice,
  name: K,
  pipeline: GPUComputePipeline,
  resources: { readonly [B in keyof Kernels[K]["bindings"]]: GPUBuffer | GPUTextureView },
): FrameJob<K> {
  const { params: layout, workgroupSize } = frameKernels[name];
  const bindings: Readonly<Record<string, { readonly binding: number }>> = frameKernels[name].bindings;
  const uniform = device.createBuffer({
    label: `${name} params`,
    size: layout.bytes,
    usage: bufferUsage.uniform | bufferUsage.copyDestination,
  });
  const entries = Object.entries<GPUBuffer | GPUTextureView>(resources).map(([key, resource]) => ({
    binding: bindings[key].binding,
    resource: "size" in resource ? { buffer: resource } : resource,
  }));
  const group = device.createBindGroup({
    label: name,
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: uniform } }, ...entries],
  });
  return {
    encode(pass, params, invocations) {
      const view = new DataView(new ArrayBuffer(layout.bytes));
      writeParams(view, 0, layout, params);
      device.queue.writeBuffer(uniform, 0, view.buffer);
      const [x, y, z] = [0, 1, 2].map((axis) => Math.ceil((invocations[axis] ?? 1) / workgroupSize[axis]));
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y, z);
    },
    destroy: () => uniform.destroy(),
  };
}
