import { compileWasm } from "../../../core/compile_wasm.js";
import { instantiateKernel, type WasmKernel } from "../common/wasm_kernel.js";

/** The exports of wasm/codecs/rle/rle.ts; each is documented there. Pointers and counts. */
export type RleExports = {
  unpack(src: number, end: number, dst: number, count: number, written: number): number;
  join_rows(
    high: number,
    low: number,
    dst: number,
    rows: number,
    columns: number,
    pitch: number,
    right: number,
    mask: number,
    sign: number,
    slope: number,
    intercept: number,
    range: number,
  ): void;
};

/** An instance with the regions that outlive a frame: a u32 for `unpack`, two i32 for `join_rows`. */
export interface RleKernel extends WasmKernel<RleExports> {
  readonly written: number;
  readonly range: number;
}

export async function compileRle(): Promise<WebAssembly.Module> {
  const { WASM_BASE64 } = await import("../../wasm/rle.generated.js");
  return compileWasm(WASM_BASE64);
}

export function instantiateRle(module: WebAssembly.Module): RleKernel {
  const kernel = instantiateKernel<RleExports>(module);
  return { ...kernel, written: kernel.take(4), range: kernel.take(8) };
}
