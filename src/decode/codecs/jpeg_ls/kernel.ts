import { compileWasm } from "../../../core/compile_wasm.js";
import { HounsfieldError } from "../../../core/errors.js";
import { instantiateKernel, type WasmKernel } from "../common/wasm_kernel.js";

/** The exports of wasm/codecs/jpeg_ls/jpeg_ls.ts; each is documented there. Pointers and counts. */
export type JpegLsExports = {
  unstuff(src: number, end: number, top: number, bits: number): number;
  build_reciprocals(): void;
  build_gradients(): void;
  decode_interval(lines: number): number;
};

/** The 32-bit fields at SCAN in the order of wasm/codecs/jpeg_ls/layout.ts. */
const SCAN_FIELDS = [
  "position",
  "lastPosition",
  "runIndex",
  "columns",
  "maxval",
  "near",
  "range",
  "qbpp",
  "limit",
  "reset",
  "t1",
  "t2",
  "t3",
  "out",
  "pitch",
  "right",
  "mask",
  "sign",
  "slope",
  "intercept",
  "low",
  "high",
] as const;

export type ScanFields = Record<(typeof SCAN_FIELDS)[number], number>;

/** SCAN and FIXED_END of wasm/codecs/jpeg_ls/layout.ts. */
const SCAN = 128;
const FIXED_END = 8192 + 3 * 131072 + 64 + 6.5 * (65536 * 4 + 128);

export interface JpegLsKernel extends WasmKernel<JpegLsExports> {
  /** u32 for `unstuff`. */
  readonly bits: number;
}

export async function compileJpegLs(): Promise<WebAssembly.Module> {
  const { WASM_BASE64 } = await import("../../wasm/jpeg_ls.generated.js");
  return compileWasm(WASM_BASE64);
}

export function instantiateJpegLs(module: WebAssembly.Module): JpegLsKernel {
  const kernel = instantiateKernel<JpegLsExports>(module);
  const fixed = kernel.take(FIXED_END - SCAN);
  if (fixed !== SCAN)
    throw new HounsfieldError("internal", `the JPEG-LS kernel starts at ${fixed}, not at ${SCAN}`);
  kernel.run.build_reciprocals();
  return { ...kernel, bits: kernel.take(4) };
}

/** Sets the fields given; fetch nothing across a `take`, which may move the memory. */
export function writeScan(kernel: JpegLsKernel, fields: Partial<ScanFields>): void {
  const record = new Int32Array(kernel.bytes().buffer, SCAN, SCAN_FIELDS.length);
  SCAN_FIELDS.forEach((name, i) => {
    const value = fields[name];
    if (value !== undefined) record[i] = value;
  });
}

export function readScan(kernel: JpegLsKernel, name: keyof ScanFields): number {
  return new Int32Array(kernel.bytes().buffer, SCAN, SCAN_FIELDS.length)[SCAN_FIELDS.indexOf(name)];
}
