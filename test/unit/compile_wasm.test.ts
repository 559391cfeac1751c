import { deflateSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { compileDeflatedWasm, compileWasm } from "../../src/core/compile_wasm.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";

/** The shortest module: the magic word and version 1. */
const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** As Chromium says it. */
const refusal = new WebAssembly.CompileError(
  "WebAssembly.compile(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive",
);

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a binary is compiled, deflated or not", async () => {
  expect(await compileWasm(base64(empty))).toBeInstanceOf(WebAssembly.Module);
  expect(await compileDeflatedWasm(base64(deflateSync(empty)))).toBeInstanceOf(WebAssembly.Module);
});

test("what a page's policy forbids is no-wasm, with what the policy needs", async () => {
  vi.spyOn(WebAssembly, "compile").mockRejectedValue(refusal);
  await expect(compileWasm(base64(empty))).rejects.toMatchObject({
    code: "no-wasm",
    message: expect.stringContaining("needs 'wasm-unsafe-eval' in script-src"),
    cause: refusal,
  });
});

test("what is wrong with the binary is thrown as it comes", async () => {
  await expect(compileWasm(base64(empty.with(4, 2)))).rejects.toBeInstanceOf(WebAssembly.CompileError);
});

test("no WebAssembly at all is no-wasm", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  await expect(compileWasm(base64(empty))).rejects.toMatchObject({ code: "no-wasm" });
});

test("the CPU engine says the same of a policy, and no-cpu-engine only of a machine without SIMD", async () => {
  const compile = vi.spyOn(WebAssembly, "compile").mockRejectedValue(refusal);
  await expect(createCpuEngine()).rejects.toMatchObject({ code: "no-wasm" });
  compile.mockRejectedValue(new WebAssembly.CompileError("invalid value type 0x7b"));
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  await expect(createCpuEngine()).rejects.toMatchObject({ code: "no-cpu-engine" });
});
