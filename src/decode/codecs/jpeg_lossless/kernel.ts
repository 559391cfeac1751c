import { compileWasm } from "../../../core/compile_wasm.js";
import { instantiateKernel, type WasmKernel } from "../common/wasm_kernel.js";

/**
 * The exports of wasm/codecs/jpeg_lossless/jpeg_lossless.ts; each is documented there. Pointers and counts;
 * bit positions below 2^31.
 */
export type JpegLosslessExports = {
  build_tables(counts: number, symbols: number, fast: number, codes: number): number;
  unstuff(src: number, end: number, top: number, written: number): number;
  decode_run(
    top: number,
    bit: number,
    limit: number,
    fast: number,
    codes: number,
    dst: number,
    count: number,
  ): number;
  decode_split(
    top: number,
    limit: number,
    fast: number,
    codes: number,
    cursors: number,
    notes: number,
  ): number;
  predict_rows(
    differences: number,
    above: number,
    samples: number,
    rows: number,
    columns: number,
    predictor: number,
    initial: number,
  ): void;
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

/** An instance with the regions that outlive a frame. */
export interface JpegLosslessKernel extends WasmKernel<JpegLosslessExports> {
  /** 16 counts, then up to 256 symbols, of the table that `fast` and `codes` were last built from. */
  readonly table: number;
  readonly fast: number;
  readonly codes: number;
  /** Four cursors of five u32 and their notes (wasm/codecs/jpeg_lossless/split.ts). */
  readonly cursors: number;
  readonly notes: number;
  /** u32 for `unstuff`, and two i32 for `pack_rows`. */
  readonly written: number;
  readonly range: number;
}

export async function compileJpegLossless(): Promise<WebAssembly.Module> {
  const { WASM_BASE64 } = await import("../../wasm/jpeg_lossless.generated.js");
  return compileWasm(WASM_BASE64);
}

export function instantiateJpegLossless(module: WebAssembly.Module): JpegLosslessKernel {
  const kernel = instantiateKernel<JpegLosslessExports>(module);
  return {
    ...kernel,
    table: kernel.take(16 + 256),
    fast: kernel.take(4 << 14),
    codes: kernel.take(2 << 16),
    cursors: kernel.take(4 * 20),
    notes: kernel.take(3 * 320 * 4),
    written: kernel.take(4),
    range: kernel.take(8),
  };
}
