import { invalidOption } from "../core/options.js";

// ONNX Runtime Web 1.30: Tensor.fromGpuBuffer.

/** What `toTensor` resolves to, as far as it is used here. */
export interface GpuTensorLike<Buffer> {
  readonly gpuBuffer: Buffer;
  readonly dtype: "float32" | "float16";
  readonly dims: readonly number[];
}

/**
 * For `ort.Tensor.fromGpuBuffer(...onnxTensorArguments(tensor))`, on a session whose WebGPU provider has the
 * engine's device. No copy is made: the tensor is to live as long as the session reads it.
 * @throws HounsfieldError `invalid-option`; `no-gpu` on the CPU engine, `destroyed`
 */
export function onnxTensorArguments<Buffer>(
  tensor: GpuTensorLike<Buffer>,
): [Buffer, { dataType: "float32" | "float16"; dims: number[] }] {
  const { dtype, dims } = tensor ?? {};
  if (!["float32", "float16"].includes(dtype) || !Array.isArray(dims))
    throw invalidOption("onnxTensorArguments", "tensor", tensor, "a tensor, as toTensor resolves to");
  return [tensor.gpuBuffer, { dataType: dtype, dims: [...dims] }];
}
