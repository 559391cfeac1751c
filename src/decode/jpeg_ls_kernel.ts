import { compileWasm, instantiateKernel, type WasmKernel } from "./wasm_kernel.js";

/** The exports of wasm/codec_ls/jpeg_ls.ts; each is documented there. Pointers and counts; bit positions below 2^31. */
export type JpegLsExports = {
  unstuff(src: number, end: number, top: number, bits: number): number;
  buildGradients(tables: number, most: number, near: number, t1: number, t2: number, t3: number): void;
  resetContexts(contexts: number, range: number, near: number): void;
  decodeLines(scan: number, lines: number): number;
};

/** The 32-bit fields of the scan record, in the order of wasm/codec_ls/scan.ts. */
export const SCAN_FIELDS = [
  "top",
  "limitBit",
  "bit",
  "runIndex",
  "columns",
  "above",
  "current",
  "maxval",
  "near",
  "range",
  "qbpp",
  "limit",
  "reset",
  "gradients",
  "gradientBytes",
  "contexts",
  "out",
  "pitch",
  "right",
  "mask",
  "sign",
  "slope",
  "intercept",
  "rangeOut",
] as const;

export type ScanRecord = Record<(typeof SCAN_FIELDS)[number], number>;

/** An instance with the regions that outlive a frame. */
export interface JpegLsKernel extends WasmKernel<JpegLsExports> {
  readonly contexts: number;
  readonly scan: number;
  /** Two i32 for `packRows`, and a u32 for `unstuff`. */
  readonly range: number;
  readonly bits: number;
}

/** 367 contexts of 16 bytes (wasm/codec_ls/contexts.ts). */
const CONTEXTS_BYTES = 367 * 16;

export async function compileJpegLs(): Promise<WebAssembly.Module> {
  const { WASM_BASE64 } = await import("./wasm/jpeg_ls.generated.js");
  return compileWasm(WASM_BASE64);
}

export function instantiateJpegLs(module: WebAssembly.Module): JpegLsKernel {
  const kernel = instantiateKernel<JpegLsExports>(module);
  return {
    ...kernel,
    contexts: kernel.take(CONTEXTS_BYTES),
    scan: kernel.take(SCAN_FIELDS.length * 4),
    range: kernel.take(8),
    bits: kernel.take(4),
  };
}

export function writeScanFields(kernel: JpegLsKernel, fields: Partial<ScanRecord>): void {
  const record = new Int32Array(kernel.bytes().buffer, kernel.scan, SCAN_FIELDS.length);
  SCAN_FIELDS.forEach((name, i) => {
    const value = fields[name];
    if (value !== undefined) record[i] = value;
  });
}

export function readScanField(kernel: JpegLsKernel, name: keyof ScanRecord): number {
  return new Uint32Array(kernel.bytes().buffer, kernel.scan, SCAN_FIELDS.length)[SCAN_FIELDS.indexOf(name)];
}
