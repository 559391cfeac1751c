import {
  type BlockCodes,
  DISTANCE_BASES,
  DISTANCE_EXTRA_BITS,
  fixedCodes,
  LENGTH_BASES,
  LENGTH_EXTRA_BITS,
} from "./inflate_codes.js";
import { dynamicCodes } from "./inflate_dynamic_codes.js";
import { broken, endsEarly, type InflateState, takeBits } from "./inflate_state.js";

/**
 * Raw DEFLATE (RFC 1951), in chunks, in constant memory: never more than the window and one chunk, whatever
 * the bytes promise.
 *
 * Ours because the platform's DecompressionStream knows "deflate-raw" in Node only from 20.12 on, and refuses
 * the pad byte that PS3.5 A.5 puts behind the stream; what follows the last block is left alone here. A CT
 * slice takes 12 ms, where that stream takes 9. Why not fflate's: docs/decisions/deflate.md.
 */

/** Distances reach this far back. */
const WINDOW_BYTES = 32 * 1024;
const CHUNK_BYTES = 128 * 1024;
const LONGEST_MATCH = 258;
/** The longest description of codes: 14 bits, 19 lengths of 3 bits, 320 symbols of 14 bits; with room. */
const CODES_BYTES = 1024;
/** A literal takes at most 15 bits for its byte, a match 48 bits for its three. */
const INPUT_PER_OUTPUT = 2;

/**
 * The bytes that `input` inflates to. Each chunk is a fresh array; a caller may stop at any.
 * @throws HounsfieldError `truncated` where the input ends inside a block; `malformed-dicom` where it is no
 * DEFLATE; both with the offset in `input`
 */
export function* inflateRaw(input: Uint8Array): Generator<Uint8Array, void, undefined> {
  const steps = inflateSteps();
  let unread: Uint8Array | undefined = input;
  for (let step = steps.next(); !step.done; ) {
    if (step.value !== "more") {
      yield step.value;
      step = steps.next();
    } else {
      step = steps.next(unread);
      unread = undefined;
    }
  }
}

/**
 * A chunk of what was inflated, or "more": the next call of `next` gives further input, or undefined where
 * there is none.
 */
export type InflateStep = Uint8Array<ArrayBuffer> | "more";

/**
 * inflateRaw for input that comes in pieces: only the piece under way is held. The pieces stay the caller's
 * and must not change.
 * @param chunkBytes of a chunk, about: a small one gives the first bytes for little input and work
 * @returns how many bytes of the input the stream took, its last one in part: what follows may lie in a piece
 * before the last
 */
export function* inflateSteps(
  chunkBytes = CHUNK_BYTES,
): Generator<InflateStep, number, Uint8Array | undefined> {
  const output = new Uint8Array(WINDOW_BYTES + chunkBytes + LONGEST_MATCH);
  const state: InflateState = {
    input: new Uint8Array(0),
    inputOffset: 0,
    isFed: false,
    at: 0,
    held: 0,
    heldBits: 0,
    output,
    end: WINDOW_BYTES,
    empty: WINDOW_BYTES,
  };
  for (let isLast = false; !isLast; ) {
    yield* refill(state);
    isLast = takeBits(state, 1) === 1;
    const type = takeBits(state, 2);
    if (type === 0) yield* storedBlock(state);
    else if (type === 3) throw broken(state, "a block of no known type");
    else yield* codedBlock(state, type === 1 ? fixedCodes() : dynamicCodes(state));
  }
  if (state.end > WINDOW_BYTES) yield handOut(state);
  return state.inputOffset + state.at - (state.heldBits >> 3);
}

/**
 * Until there is input for the codes of a block, or for a whole chunk of output: what comes after need not
 * look for its end.
 */
function* refill(state: InflateState): Generator<InflateStep, void, Uint8Array | undefined> {
  const needed = INPUT_PER_OUTPUT * (state.output.length - WINDOW_BYTES) + CODES_BYTES;
  while (!state.isFed && state.input.length - state.at < needed) {
    const more = yield "more";
    if (more === undefined) state.isFed = true;
    else if (state.at === state.input.length) replaceInput(state, more);
    else {
      const rest = state.input.subarray(state.at);
      const joined = new Uint8Array(rest.length + more.length);
      joined.set(rest);
      joined.set(more, rest.length);
      replaceInput(state, joined);
    }
  }
}

function replaceInput(state: InflateState, input: Uint8Array): void {
  state.inputOffset += state.at;
  state.at = 0;
  state.input = input;
}

function* storedBlock(state: InflateState): Generator<InflateStep, void, Uint8Array | undefined> {
  takeBits(state, state.heldBits & 7);
  let left = takeBits(state, 16);
  if ((left ^ takeBits(state, 16)) !== 0xffff)
    throw broken(state, "a stored block whose two lengths disagree");
  for (; left > 0 && state.heldBits > 0; left--) state.output[state.end++] = takeBits(state, 8);
  while (left > 0) {
    yield* refill(state);
    const count = Math.min(left, state.output.length - state.end, state.input.length - state.at);
    if (count === 0) throw endsEarly(state);
    state.output.set(state.input.subarray(state.at, state.at + count), state.end);
    state.at += count;
    state.end += count;
    left -= count;
    if (isFull(state)) yield handOut(state);
  }
}

function* codedBlock(
  state: InflateState,
  codes: BlockCodes,
): Generator<InflateStep, void, Uint8Array | undefined> {
  yield* refill(state);
  while (!copySymbols(state, codes)) {
    yield handOut(state);
    yield* refill(state);
  }
  if (isFull(state)) yield handOut(state);
}

function isFull(state: InflateState): boolean {
  return state.end > state.output.length - LONGEST_MATCH;
}

/** The chunk that is ready; what of it later distances can reach moves to the window. */
function handOut(state: InflateState): Uint8Array<ArrayBuffer> {
  const { output, end } = state;
  const chunk = output.slice(WINDOW_BYTES, end);
  state.empty = Math.max(0, state.empty - chunk.length);
  output.copyWithin(0, end - WINDOW_BYTES, end);
  state.end = WINDOW_BYTES;
  return chunk;
}

/**
 * Literals and matches until the block ends (true) or the chunk is full (false). State is in locals: this
 * is the hot loop.
 */
function copySymbols(state: InflateState, { literals, distances }: BlockCodes): boolean {
  const { input, output, empty } = state;
  const full = output.length - LONGEST_MATCH;
  const mostAt = input.length + 4;
  const literalMask = (1 << literals.bits) - 1;
  const distanceMask = (1 << distances.bits) - 1;
  let { at, held, heldBits, end } = state;
  let isEnd = false;
  while (end <= full && at <= mostAt) {
    if (heldBits < 15) {
      held |= (input[at] | (input[at + 1] << 8)) << heldBits;
      at += 2;
      heldBits += 16;
    }
    let entry = literals.entries[held & literalMask];
    let bits = entry & 15;
    const symbol = entry >> 4;
    held >>>= bits;
    heldBits -= bits;
    if (bits === 0 || symbol > 285) throw broken(state, "a code that stands for nothing", at);
    if (symbol < 256) {
      output[end++] = symbol;
      continue;
    }
    if (symbol === 256) {
      isEnd = true;
      break;
    }
    if (heldBits < 15) {
      held |= (input[at] | (input[at + 1] << 8)) << heldBits;
      at += 2;
      heldBits += 16;
    }
    bits = LENGTH_EXTRA_BITS[symbol - 257];
    const length = LENGTH_BASES[symbol - 257] + (held & ((1 << bits) - 1));
    held >>>= bits;
    heldBits -= bits;
    if (heldBits < 15) {
      held |= (input[at] | (input[at + 1] << 8)) << heldBits;
      at += 2;
      heldBits += 16;
    }
    entry = distances.entries[held & distanceMask];
    bits = entry & 15;
    held >>>= bits;
    heldBits -= bits;
    if (bits === 0 || entry >> 4 > 29) throw broken(state, "a distance code that stands for nothing", at);
    if (heldBits < 15) {
      held |= (input[at] | (input[at + 1] << 8)) << heldBits;
      at += 2;
      heldBits += 16;
    }
    bits = DISTANCE_EXTRA_BITS[entry >> 4];
    const from = end - DISTANCE_BASES[entry >> 4] - (held & ((1 << bits) - 1));
    held >>>= bits;
    heldBits -= bits;
    if (from < empty) throw broken(state, "a distance beyond the first byte", at);
    if (end - from === 1) output.fill(output[from], end, end + length);
    else if (end - from >= length && length > 16) output.copyWithin(end, from, from + length);
    else for (let i = 0; i < length; i++) output[end + i] = output[from + i];
    end += length;
  }
  Object.assign(state, { at, held, heldBits, end });
  if (at - (heldBits >> 3) > input.length) throw endsEarly(state);
  return isEnd;
}
