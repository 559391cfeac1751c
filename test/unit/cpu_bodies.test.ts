import { expect, test } from "vitest";
import { bodies } from "../../src/engine/cpu/wasm/ops.generated.js";
import { kernels } from "../../src/engine/kernels.generated.js";

/** What fills the texture that views draw from: no engine without a GPU has one. */
const forRendering = /^display_/;

test("every kernel of the operations has a body for the CPU", () => {
  const expected = Object.keys(kernels).filter((name) => !forRendering.test(name));
  expect(expected.length).toBeGreaterThan(50);
  expect(Object.keys(bodies).sort()).toEqual(expected.sort());
});
