import { compileDeflatedWasm } from "../../../core/compile_deflated_wasm.js";
import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import type { Codec } from "../common/codec.js";
import { checkCodedSize } from "../common/coded_size.js";
import { compilePack, instantiatePack, type PackKernel } from "../common/pack_kernel.js";
import { createPackedCodec, type PackedOutput, type PackedValues } from "../common/packed_codec.js";
import { checkFrame } from "../common/stored_bits.js";
import { type Codestream, endOfTileParts, readCodestream } from "./codestream.js";
import { type EmbeddedCodec, type ForeignInstance, startForeign } from "./emscripten_module.js";
import { isDecodedUnsigned, packSamples } from "./samples.js";

/** The decoder class that both packages have (J2KDecoder, HTJ2KDecoder). Buffers are views of its memory. */
export interface ForeignDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { readonly width: number; readonly height: number; readonly bitsPerSample: number };
  delete(): void;
}

export interface DecoderPackage<Members> {
  /** As messages name it. */
  readonly name: string;
  readonly load: () => Promise<EmbeddedCodec>;
  readonly create: (members: Members) => ForeignDecoder;
  /** Why it failed, by what it printed: undefined where it says it did not. */
  readonly failure: (lines: readonly string[]) => string | undefined;
  /** Refuses streams the package is not for. */
  readonly check: (codestream: Codestream) => void;
}

/** Of Ssiz, whose highest bit says that samples are signed, in a code stream (T.800 A.5.1). */
const SIGN_OFFSET = 42;
/** Memory at its start, and that is kept from one frame to the next. */
const KEPT_BYTES = 64 * 2 ** 20;
/**
 * What decoding may take beyond that: of each sample 4 bytes decoded, 4 transformed, 4 in the image and 2
 * out; twice that, and the bytes.
 */
const BYTES_A_SAMPLE = 28;

/**
 * A codec over a foreign decoder. Before it sees a byte, the headers are checked against the frame's and the
 * tile-parts found to be whole; whatever then goes wrong in it is `decode-failed`, and the instance is
 * replaced by a new one.
 */
export async function createForeignCodec<Members extends object>(
  foreign: DecoderPackage<Members>,
): Promise<Codec> {
  const { createInstance, DEFLATED_WASM_BASE85 } = await foreign.load();
  const module = await compileDeflatedWasm(DEFLATED_WASM_BASE85);
  const packModule = await compilePack();
  let instance: ForeignInstance<Members> | undefined;

  function decodeFrame(
    kernel: PackKernel,
    bytes: Uint8Array,
    frame: FrameDescription,
    output: PackedOutput,
  ): PackedValues {
    checkFrame(frame);
    const codestream = readCodestream(bytes);
    foreign.check(codestream);
    checkCodedSize(codestream, frame, codestream.start);
    const encoded = bytes.subarray(codestream.start, endOfTileParts(bytes, codestream));
    const running = instance ?? startForeign<Members>(module, createInstance);
    // Until it has proved sound again.
    instance = undefined;
    running.limitMemory(KEPT_BYTES + frame.rows * frame.columns * BYTES_A_SAMPLE + 4 * bytes.length);
    const values = runForeign(foreign, running, encoded, codestream, (decoded) =>
      packSamples(kernel, decoded, codestream, frame, output),
    );
    if (running.memoryBytes() <= KEPT_BYTES) instance = running;
    return values;
  }

  return createPackedCodec(() => instantiatePack(packModule), decodeFrame);
}

function runForeign<Members extends object, Result>(
  foreign: DecoderPackage<Members>,
  instance: ForeignInstance<Members>,
  bytes: Uint8Array,
  codestream: Codestream,
  take: (decoded: Uint8Array) => Result,
): Result {
  const fields = { offset: codestream.start };
  instance.takeLines();
  try {
    const decoder = foreign.create(instance.members);
    const encoded = decoder.getEncodedBuffer(bytes.length + 2);
    encoded.set(bytes);
    // EOC, which `bytes` leave out: some encoders forget it, and not every decoder forgives that.
    encoded.set([0xff, 0xd9], bytes.length);
    if (isDecodedUnsigned(codestream)) encoded[SIGN_OFFSET] &= 0x7f;
    decoder.decode();
    const failure = foreign.failure(instance.takeLines()) ?? wrongResult(decoder, codestream);
    if (failure) throw new HounsfieldError("decode-failed", `${foreign.name}: ${failure}`, fields);
    const result = take(decoder.getDecodedBuffer());
    decoder.delete();
    return result;
  } catch (error) {
    if (error instanceof HounsfieldError) throw error;
    // C++ exceptions arrive as numbers, traps and aborts as errors of WebAssembly.
    const reason = error instanceof Error ? error.message : "it threw an exception";
    throw new HounsfieldError("decode-failed", `${foreign.name}: ${reason}`, fields, error);
  }
}

function wrongResult(decoder: ForeignDecoder, codestream: Codestream): string | undefined {
  const { rows, columns, precision } = codestream;
  const { width, height, bitsPerSample } = decoder.getFrameInfo();
  if (width !== columns || height !== rows || bitsPerSample !== precision) {
    return `it made ${height} x ${width} samples of ${bitsPerSample} bits of ${rows} x ${columns} of ${precision}`;
  }
  const wanted = rows * columns * (precision > 8 ? 2 : 1);
  const got = decoder.getDecodedBuffer().length;
  return got === wanted ? undefined : `it gave ${got} bytes, ${wanted} expected`;
}
