import { HounsfieldError } from "../../core/errors.js";

/** Where input and output are. Bits wait in `held`, the next one lowest. */
export interface InflateState {
  /** What was given and is not used up; more comes by refill. */
  input: Uint8Array;
  /** Where `input` begins in all that was given. */
  inputOffset: number;
  isFed: boolean;
  at: number;
  held: number;
  heldBits: number;
  /**
   * The last 32 KiB that were given out, as far back as distances reach, then the bytes of the chunk under
   * way up to `end`.
   */
  readonly output: Uint8Array<ArrayBuffer>;
  end: number;
  /** Bytes of `output`, from its start, that hold nothing yet: the window fills from its end. */
  empty: number;
}

/** The next bits, the first lowest. */
export function takeBits(state: InflateState, count: number): number {
  while (state.heldBits < count) {
    if (state.at >= state.input.length) throw endsEarly(state);
    state.held |= state.input[state.at++] << state.heldBits;
    state.heldBits += 8;
  }
  const bits = state.held & ((1 << count) - 1);
  state.held >>>= count;
  state.heldBits -= count;
  return bits;
}

export function endsEarly({ input, inputOffset }: InflateState): HounsfieldError {
  const offset = inputOffset + input.length;
  const message = `the deflated bytes end inside a block, after ${offset} bytes`;
  return new HounsfieldError("truncated", message, { offset });
}

export function broken({ input, inputOffset, at }: InflateState, what: string, near = at): HounsfieldError {
  const offset = inputOffset + Math.min(near, input.length);
  const message = `the deflated bytes have ${what} near byte ${offset}`;
  return new HounsfieldError("malformed-dicom", message, { offset });
}
