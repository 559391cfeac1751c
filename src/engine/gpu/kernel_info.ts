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

/** Views' kernels are there; all others come with the first operation, so that a page that only shows volumes never loads them. */
export async function kernelInfo(name: KernelName): Promise<KernelInfo> {
  if (isOfViews(name)) return viewKernels[name];
  const { operationKernels } = await import("../operation_kernels.generated.js");
  return operationKernels[name];
}

function isOfViews(name: KernelName): name is keyof typeof viewKernels {
  return name in viewKernels;
}
