import type { FrameDescription } from "../../../core/frame.js";
import { copyOut } from "../common/frame_memory.js";
import type { PackedOutput, PackedValues } from "../common/packed_codec.js";
import { storedBits } from "../common/stored_bits.js";
import type { DctScan } from "./header.js";
import { type JpegDctKernel, TRANSPOSED_ZIGZAG } from "./kernel.js";
import type { DctSource } from "./scan.js";

/** Transforms all blocks back to samples and takes those within the frame out of the kernel's memory. */
export function reconstruct(
  kernel: JpegDctKernel,
  source: DctSource,
  scan: DctScan,
  frame: FrameDescription,
  output: PackedOutput,
): PackedValues {
  const { run, scales, scratch, range } = kernel;
  const { rows, columns } = frame;
  const { precision } = scan.frame;
  const across = Math.ceil(columns / 8);
  const band = kernel.take(across * 8 * 8 * 2);
  const values = kernel.take(rows * output.pitch * 2);
  new Float32Array(kernel.bytes().buffer, scales, 64).set(flowGraphScales(scan.quantization));
  new Int32Array(kernel.bytes().buffer, range, 2).set([2 ** 31 - 1, -(2 ** 31)]);
  const pack = rowPacker(kernel, frame, precision, output);
  for (let y = 0; y < rows; y += 8) {
    const blocks = source.blocks + (y / 8) * across * 128;
    const [level, most] = [2 ** (precision - 1), 2 ** precision - 1];
    run.reconstruct_row(blocks, across, scales, scratch, band, across * 16, level, most);
    const count = Math.min(8, rows - y);
    const dst = values + y * output.pitch * 2;
    if (columns === across * 8) pack(band, dst, count);
    else {
      // Rows of the band go to the end of its last block, beyond those of the frame.
      for (let i = 0; i < count; i++) pack(band + i * across * 16, dst + i * output.pitch * 2, 1);
    }
  }
  const { buffer } = kernel.bytes();
  const [low, high] = new Int32Array(buffer, range, 2);
  return { values: copyOut(new Uint16Array(buffer, values, rows * output.pitch), output.memory), low, high };
}

function rowPacker(kernel: JpegDctKernel, frame: FrameDescription, precision: number, output: PackedOutput) {
  const { right, mask, sign } = storedBits(frame, precision);
  const { pitch, slope, intercept } = output;
  const { columns } = frame;
  return (samples: number, dst: number, rows: number) => {
    const { pack_rows } = kernel.run;
    pack_rows(samples, dst, rows, columns, pitch, 0, right, mask, sign, slope, intercept, kernel.range);
  };
}

/**
 * The quantization table times the scale factors of the flow graph (Arai, Agui, Nakajima 1988), in the order
 * of the blocks: of a frequency n, cos(n pi / 16) sqrt(2), of 0, 1; over 8 for both directions.
 */
function flowGraphScales(quantization: Uint16Array): Float32Array {
  const factor = (n: number) => (n === 0 ? 1 : Math.cos((n * Math.PI) / 16) * Math.SQRT2);
  const scales = new Float32Array(64);
  TRANSPOSED_ZIGZAG.forEach((place, k) => {
    scales[place] = (quantization[k] * factor(place >> 3) * factor(place & 7)) / 8;
  });
  return scales;
}
