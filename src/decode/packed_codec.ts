import { type Codec, type FrameDescription, type Rescale, rowPitch, type StoredValues } from "./frame.js";
import { checkHuRange, isIntegerRescale, toHu } from "./hu.js";
import type { WasmKernel } from "./wasm_kernel.js";

/** What a kernel's last pass makes of the stored values: value * slope + intercept modulo 2^16, rows `pitch` values apart. */
export interface PackedOutput extends Rescale {
  readonly pitch: number;
}

/** 16-bit values in their own buffer, and the range of the stored values behind them. */
export interface PackedValues {
  readonly values: Uint16Array<ArrayBuffer>;
  readonly low: number;
  readonly high: number;
}

/** Memory that is kept from one frame to the next; a frame that took more gives it back. */
const KEPT_BYTES = 64 * 2 ** 20;

/** A codec around a kernel that packs its own output. `decodeFrame` may take memory as it likes: all is released after the frame. */
export function createPackedCodec<Kernel extends WasmKernel<WebAssembly.Exports>>(
  instantiate: () => Kernel,
  decodeFrame: (
    kernel: Kernel,
    bytes: Uint8Array,
    frame: FrameDescription,
    output: PackedOutput,
  ) => PackedValues,
): Codec {
  let kernel = instantiate();

  function decodePacked(bytes: Uint8Array, frame: FrameDescription, output: PackedOutput): PackedValues {
    const mark = kernel.mark();
    try {
      return decodeFrame(kernel, bytes, frame, output);
    } finally {
      kernel.release(mark);
      if (kernel.bytes().length > KEPT_BYTES) kernel = instantiate();
    }
  }

  function decode(bytes: Uint8Array, frame: FrameDescription): StoredValues {
    const { values } = decodePacked(bytes, frame, { slope: 1, intercept: 0, pitch: frame.columns });
    return toContainer(values, frame);
  }

  function decodeHu(bytes: Uint8Array, frame: FrameDescription, rescale: Rescale): Int16Array {
    if (!isIntegerRescale(rescale)) return toHu(decode(bytes, frame), frame, rescale);
    const { values, low, high } = decodePacked(bytes, frame, { ...rescale, pitch: rowPitch(frame.columns) });
    checkHuRange(low, high, rescale);
    return new Int16Array(values.buffer);
  }

  return { decode, decodeHu };
}

function toContainer(values: Uint16Array<ArrayBuffer>, frame: FrameDescription): StoredValues {
  const signed = frame.pixelRepresentation === 1;
  if (frame.bitsAllocated === 8) return signed ? new Int8Array(values) : new Uint8Array(values);
  return signed ? new Int16Array(values.buffer) : values;
}
