import { compileWasm } from "../../../core/compile_wasm.js";
import { instantiateKernel, type WasmKernel } from "./wasm_kernel.js";

/**
 * The exports of wasm/codecs/pack/pack.ts; documented in wasm/codecs/common/pack.ts and
 * wasm/codecs/pack/clip.ts.
 */
export type PackExports = {
  clip_samples(samples: number, count: number, least: number, most: number, signed: boolean): void;
  pack_rows(
    samples: number,
    dst: number,
    rows: number,
    columns: number,
    pitch: number,
    left: number,
    right: number,
    mask: number,
    sign: number,
    slope: number,
    intercept: number,
    range: number,
  ): void;
};

/** An instance with the two i32 that `pack_rows` keeps the range of the values in. */
export interface PackKernel extends WasmKernel<PackExports> {
  readonly range: number;
}

export async function compilePack(): Promise<WebAssembly.Module> {
  const { WASM_BASE64 } = await import("../../wasm/pack.generated.js");
  return compileWasm(WASM_BASE64);
}

export function instantiatePack(module: WebAssembly.Module): PackKernel {
  const kernel = instantiateKernel<PackExports>(module);
  return { ...kernel, range: kernel.take(8) };
}
