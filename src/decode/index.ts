/** `hounsfield/decode`: codecs by transfer syntax, and the pool that runs them in workers. */

export type { Control, Progress } from "../core/control.js";
export type { FrameDescription, Rescale } from "../core/frame.js";
export { codecFor } from "./codec_modules.js";
export type { Codec, StoredValues } from "./codecs/common/codec.js";
export type { DecodeOutput } from "./decode_frame.js";
export type { DecodeJob } from "./pool/decode_job.js";
export { createDecodePool, type DecodePool, type DecodePoolOptions } from "./pool/pool.js";
export type { WorkerLike } from "./pool/worker_like.js";
export { checkTransferSyntax, supportedTransferSyntaxes } from "./registry.js";
export { describeTransferSyntax } from "./transfer_syntaxes.js";
