import type { KernelName } from "../engine.js";
import { viewKernels } from "../kernels.generated.js";
import type { onDemandKernels } from "../on_demand_kernels.generated.js";
import type { ParamsLayout } from "./params.js";

/** What the dispatcher needs of a kernel. */
export interface KernelInfo {
  readonly code: string;
  readonly workgroupSize: readonly number[];
  readonly bindings: Readonly<Record<string, { readonly binding: number; readonly type: string }>>;
  readonly params: ParamsLayout;
}

/**
 * What every view needs is there. The rest comes with the first mask, probe, or volume that is too large for
 * the device; operations' with the first of these, so that a page that only shows volumes never loads them.
 */
export async function kernelInfo(name: KernelName): Promise<KernelInfo> {
  if (isOfViews(name)) return viewKernels[name];
  if (isOnDemand(name)) {
    const { onDemandKernels } = await import("../on_demand_kernels.generated.js");
    return onDemandKernels[name];
  }
  const { operationKernels } = await import("../operation_kernels.generated.js");
  return operationKernels[name];
}

function isOfViews(name: KernelName): name is keyof typeof viewKernels {
  return name in viewKernels;
}

function isOnDemand(name: KernelName): name is keyof typeof onDemandKernels {
  return /^downsample_|^display_(probe|pack_labels)$/.test(name);
}
