import { compileWasm } from "../../../core/compile_wasm.js";
import { instantiateKernel, type WasmKernel } from "../common/wasm_kernel.js";

/**
 * The exports of wasm/codecs/jpeg_dct/jpeg_dct.ts; each is documented there. Pointers and counts; bit
 * positions below 2^31.
 */
export type JpegDctExports = {
  build_table(counts: number, symbols: number, table: number): void;
  unstuff(src: number, end: number, top: number, written: number): number;
  decode_sequential(
    top: number,
    limit: number,
    tables: number,
    order: number,
    blocks: number,
    count: number,
  ): number;
  decode_dc_first(
    top: number,
    limit: number,
    table: number,
    blocks: number,
    count: number,
    low: number,
  ): number;
  decode_dc_refine(top: number, limit: number, blocks: number, count: number, low: number): number;
  decode_ac_first: DecodeAc;
  decode_ac_refine: DecodeAc;
  reconstruct_row(
    blocks: number,
    count: number,
    scales: number,
    scratch: number,
    samples: number,
    pitch: number,
    level: number,
    most: number,
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

type DecodeAc = (
  top: number,
  limit: number,
  table: number,
  order: number,
  blocks: number,
  count: number,
  first: number,
  last: number,
  low: number,
) => number;

/** An instance with the regions that outlive a frame. */
export interface JpegDctKernel extends WasmKernel<JpegDctExports> {
  /**
   * The expanded DC table, then the AC table; and of each the 16 counts and up to 256 symbols it was built
   * from.
   */
  readonly dc: number;
  readonly ac: number;
  readonly dcSource: number;
  readonly acSource: number;
  /** Place in a block of each of 64 coefficients in zigzag order, u8. */
  readonly order: number;
  readonly scales: number;
  readonly scratch: number;
  /** u32 for `unstuff`, and two i32 for `pack_rows`. */
  readonly written: number;
  readonly range: number;
}

/** As TABLE_BYTES of wasm/codecs/jpeg_dct/huffman.ts. */
const TABLE_BYTES = (4 << 12) + (2 << 16);
export const TABLE_SOURCE_BYTES = 16 + 256;

export async function compileJpegDct(): Promise<WebAssembly.Module> {
  const { WASM_BASE64 } = await import("../../wasm/jpeg_dct.generated.js");
  return compileWasm(WASM_BASE64);
}

export function instantiateJpegDct(module: WebAssembly.Module): JpegDctKernel {
  const kernel = instantiateKernel<JpegDctExports>(module);
  const dc = kernel.take(2 * TABLE_BYTES);
  const regions = {
    dc,
    ac: dc + TABLE_BYTES,
    dcSource: kernel.take(TABLE_SOURCE_BYTES),
    acSource: kernel.take(TABLE_SOURCE_BYTES),
    order: kernel.take(64),
    scales: kernel.take(64 * 4),
    scratch: kernel.take(64 * 4),
    written: kernel.take(4),
    range: kernel.take(8),
  };
  kernel.bytes().set(TRANSPOSED_ZIGZAG, regions.order);
  return { ...kernel, ...regions };
}

/**
 * T.81 figure A.6, as horizontal frequency * 8 + vertical frequency: what the inverse transform wants to
 * load.
 */
export const TRANSPOSED_ZIGZAG: readonly number[] = zigzag().map(([u, v]) => u * 8 + v);

/** Pairs of horizontal and vertical frequency, along diagonals that turn at the edges. */
function zigzag(): [number, number][] {
  const pairs: [number, number][] = [];
  for (let sum = 0; sum <= 14; sum++) {
    const least = Math.max(0, sum - 7);
    const diagonal: [number, number][] = [];
    for (let v = least; v <= sum - least; v++) diagonal.push([sum - v, v]);
    // The first step is to the right: odd diagonals run down, even ones up.
    pairs.push(...(sum % 2 === 1 ? diagonal : diagonal.reverse()));
  }
  return pairs;
}
