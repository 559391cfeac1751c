import { compiled } from "../../engine/gpu/compiled.js";
import { bufferUsage } from "../../engine/gpu/constants.js";
import { type ParamsLayout, writeParams } from "../../engine/gpu/params.js";

/** A pass over every pixel of its targets, with the bindings of its module; `constants` are its overrides. */
export function compileScreenPass(
  device: GPUDevice,
  label: string,
  code: string,
  entryPoint: string,
  layout: GPUBindGroupLayout,
  formats: readonly GPUTextureFormat[],
  constants: Readonly<Record<string, number>> = {},
): Promise<GPURenderPipeline> {
  const module = device.createShaderModule({ label, code });
  const pipeline = device.createRenderPipelineAsync({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    vertex: { module, entryPoint: "cover" },
    fragment: { module, entryPoint, constants, targets: formats.map((format) => ({ format })) },
  });
  return compiled(label, pipeline);
}

/** Encodes into `encoder`, or into one of its own that it submits. */
export function encodeOrSubmit(
  device: GPUDevice,
  encoder: GPUCommandEncoder | undefined,
  encode: (encoder: GPUCommandEncoder) => void,
): void {
  const to = encoder ?? device.createCommandEncoder();
  encode(to);
  if (!encoder) device.queue.submit([to.finish()]);
}

export function createParamsBuffer(device: GPUDevice, { bytes }: ParamsLayout): GPUBuffer {
  return device.createBuffer({
    label: "render params",
    size: bytes,
    usage: bufferUsage.uniform | bufferUsage.copyDestination,
  });
}

export function uploadParams(
  device: GPUDevice,
  buffer: GPUBuffer,
  layout: ParamsLayout,
  values: Readonly<Record<string, number | ArrayLike<number>>>,
): void {
  const view = new DataView(new ArrayBuffer(layout.bytes));
  writeParams(view, 0, layout, values);
  device.queue.writeBuffer(buffer, 0, view.buffer);
}
