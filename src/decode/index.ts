/** `hounsfield/decode`: codecs by transfer syntax, and the pool that runs them in workers. */
export type { Codec, FrameDescription, Rescale, StoredValues } from "./frame.js";
export { createDecodePool, type DecodeJob, type DecodePool, type DecodePoolOptions } from "./pool/pool.js";
export { checkTransferSyntax, codecFor, supportedTransferSyntaxes } from "./registry.js";
export { describeTransferSyntax } from "./transfer_syntaxes.js";
