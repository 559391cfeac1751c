import { deflateSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { base85 } from "../../scripts/base-85.js";
import { bytesOfBase85 } from "../../src/core/base_85.js";
import { compileDeflatedWasm } from "../../src/core/compile_deflated_wasm.js";
import { compileWasm } from "../../src/core/compile_wasm.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { seededRandom } from "../support/random.js";

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
  expect(await compileDeflatedWasm(base85(deflateSync(empty)))).toBeInstanceOf(WebAssembly.Module);
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

test("base 85 gives back bytes of any number and value, in characters that no string escapes", () => {
  const random = seededRandom(85);
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    expect([...bytesOfBase85(base85(bytes))]).toEqual([...bytes]);
  }
  const ends = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 1, 255);
  expect(JSON.stringify(base85(ends))).toBe(`"${base85(ends)}"`);
  expect([...bytesOfBase85(base85(ends))]).toEqual([...ends]);
  // The test vector of ZeroMQ RFC 32.
  const hello = Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b);
  expect(base85(hello)).toBe("0HelloWorld");
});
