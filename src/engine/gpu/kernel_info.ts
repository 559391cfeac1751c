import type { downsampleKernels } from "../downsample_kernels.generated.js";
import type { KernelName } from "../engine.js";
import { viewKernels } from "../kernels.generated.js";
import type { ParamsLayout } from "./params.js";

/** What the dispatcher needs of a kernel. */
export interface KernelInfo {
  readonly code: string;
  readonly workgroupSize: readonly number[];
  readonly bindings: Readonly<Record<string, { readonly binding: number; readonly type: string }>>;
  readonly params: ParamsLayout;
}

/**
 * Views' kernels are there; all others come with the first operation, so that a page that only shows volumes
 * never loads them, or with the first volume that is too large for the device.
 */
export async function kernelInfo(name: KernelName): Promise<KernelInfo> {
  if (isOfViews(name)) return viewKernels[name];
  if (isOfDownsampling(name)) {
    const { downsampleKernels } = await import("../downsample_kernels.generated.js");
    return downsampleKernels[name];
  }
  const { operationKernels } = await import("../operation_kernels.generated.js");
  return operationKernels[name];
}

function isOfViews(name: KernelName): name is keyof typeof viewKernels {
  return name in viewKernels;
}

function isOfDownsampling(name: KernelName): name is keyof typeof downsampleKernels {
  return name.startsWith("downsample_");
}
