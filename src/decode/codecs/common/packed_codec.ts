import { type FrameDescription, type Rescale, rowPitch } from "../../../core/frame.js";
import type { Codec, StoredValues } from "./codec.js";
import { checkHuRange, isIntegerRescale, toHu } from "./hu.js";
import type { WasmKernel } from "./wasm_kernel.js";

/**
 * What a kernel's last pass makes of the stored values: value * slope + intercept modulo 2^16, rows `pitch`
 * values apart.
 */
export interface PackedOutput extends Rescale {
  readonly pitch: number;
  /** Where they go, if it is large enough. */
  readonly memory?: ArrayBufferLike;
}

/** 16-bit values from the start of their buffer on, and the range of the stored values behind them. */
export interface PackedValues {
  readonly values: Uint16Array;
  readonly low: number;
  readonly high: number;
}

/** Memory that is kept from one frame to the next; a frame that took more gives it back. */
const KEPT_BYTES = 64 * 2 ** 20;

/** A codec that gives HU in its own last pass. */
export type PackedCodec = Required<Codec>;

/**
 * A codec around a kernel that packs its own output. `decodeFrame` may take memory as it likes: all is
 * released after the frame.
 */
export function createPackedCodec<Kernel extends WasmKernel<WebAssembly.Exports>>(
  instantiate: () => Kernel,
  decodeFrame: (
    kernel: Kernel,
    bytes: Uint8Array,
    frame: FrameDescription,
    output: PackedOutput,
  ) => PackedValues,
): PackedCodec {
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

  function decode(bytes: Uint8Array, frame: FrameDescription, memory?: ArrayBufferLike): StoredValues {
    const { values } = decodePacked(bytes, frame, { slope: 1, intercept: 0, pitch: frame.columns, memory });
    return toContainer(values, frame);
  }

  function decodeHu(
    bytes: Uint8Array,
    frame: FrameDescription,
    rescale: Rescale,
    memory?: ArrayBufferLike,
  ): Int16Array {
    if (!isIntegerRescale(rescale)) return toHu(decode(bytes, frame), frame, rescale, memory);
    const pitch = rowPitch(frame.columns);
    const { values, low, high } = decodePacked(bytes, frame, { ...rescale, pitch, memory });
    checkHuRange(low, high, rescale);
    return new Int16Array(values.buffer, 0, values.length);
  }

  return { decode, decodeHu };
}

function toContainer(values: Uint16Array, frame: FrameDescription): StoredValues {
  const signed = frame.pixelRepresentation === 1;
  if (frame.bitsAllocated === 8) return signed ? new Int8Array(values) : new Uint8Array(values);
  return signed ? new Int16Array(values.buffer, 0, values.length) : values;
}
