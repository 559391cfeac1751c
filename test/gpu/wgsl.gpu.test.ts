import { afterAll, expect, test } from "vitest";
import { frameKernels, renderModules, viewKernels } from "../../src/engine/kernels.generated.js";
import { mprModules } from "../../src/engine/mpr_modules.generated.js";
import { onDemandKernels } from "../../src/engine/on_demand_kernels.generated.js";
import { operationKernels } from "../../src/engine/operation_kernels.generated.js";
import { rayModules } from "../../src/engine/ray_modules.generated.js";
import { nullGpu } from "../../src/node/dawn.js";

const kernels = { ...viewKernels, ...onDemandKernels, ...operationKernels };

/**
 * Dawn's null device compiles and validates as Chrome does, without any driver. With no optional feature: the
 * baseline every browser has.
 */
const opened = nullGpu().then(async (gpu) => (await gpu.requestAdapter())!.requestDevice());
afterAll(async () => (await opened).destroy());

async function messagesOf(code: string): Promise<string[]> {
  const device = await opened;
  device.pushErrorScope("validation");
  const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
  const error = await device.popErrorScope();
  return [
    ...messages.map((m) => `${m.lineNum}:${m.linePos} ${m.message}`),
    ...(error ? [error.message] : []),
  ];
}

test.each(Object.entries({ ...kernels, ...frameKernels, ...renderModules, ...rayModules, ...mprModules }))(
  "%s compiles on the baseline, without a warning",
  async (_, { code }) => {
    expect(await messagesOf(code)).toEqual([]);
  },
);

test.each(Object.entries({ ...kernels, ...frameKernels }))(
  "%s makes a pipeline",
  async (_, { code, workgroupSize }) => {
    const device = await opened;
    const module = device.createShaderModule({ code });
    await device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
    // 128 invocations a workgroup is the limit of WebGPU's compatibility mode.
    expect(workgroupSize[0] * workgroupSize[1] * workgroupSize[2]).toBeLessThanOrEqual(128);
  },
);

test("a broken module is refused, so the checks above can fail", async () => {
  expect(await messagesOf("@compute @workgroup_size(1) fn main() { let x: u32 = 1.5; }")).not.toEqual([]);
});
