import { expect, test } from "vitest";
import { cpuKernels } from "../../src/engine/cpu/wasm/ops.generated.js";
import { operationKernels } from "../../src/engine/operation_kernels.generated.js";

test("every kernel of the operations has a body for the CPU", () => {
  const expected = Object.keys(operationKernels);
  expect(expected.length).toBeGreaterThan(50);
  expect(Object.keys(cpuKernels).sort()).toEqual(expected.sort());
});
