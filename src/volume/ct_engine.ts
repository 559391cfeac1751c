import { HounsfieldError } from "../core/errors.js";
import type { GpuDevice } from "../core/platform.js";
import type { DecodePool } from "../decode/pool/pool.js";
import type { Engine } from "../engine/engine.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";

/** An engine that can also read compressed series: what `openEngine` gives in a browser and in Node. */
export interface CtEngine extends Engine {
  readonly decoder: DecodePool;
  /** The GPU's device, another one after a loss; undefined for the CPU engine. */
  readonly device?: GpuDevice;
  /** Where `device: "auto"` took the CPU engine: why it did not take the GPU's. */
  readonly whyCpu?: WhyCpu;
}

/** Why the GPU's engine was not taken. Plain data. */
export interface WhyCpu {
  /** There is none, the series does not fit it, or its memory ran out. */
  readonly code: "no-gpu" | "limit-exceeded" | "out-of-memory";
  /** A sentence that can be shown. */
  readonly reason: string;
}

/** What `openEngine` gives where a GPU was asked for. */
export interface GpuCtEngine extends GpuEngine, CtEngine {
  readonly device: GpuDevice;
}

/**
 * The engine with a decoder, both ended by its `destroy`. Not a copy: a GPU engine's device and adapter
 * change when one is lost.
 */
export function withDecoder<E extends Engine>(engine: E, decoder: DecodePool, whyCpu?: WhyCpu): E & CtEngine {
  let isDestroyed = false;
  const destroy = () => {
    isDestroyed = true;
    decoder.destroy();
    engine.destroy();
  };
  // Buffers go with their engine, and say so themselves: only new ones have to ask.
  const allocate: Engine["allocate"] = async (...wanted) => {
    if (isDestroyed)
      throw new HounsfieldError(
        "destroyed",
        `the engine (${engine.adapter.name}) was used after its destroy()`,
      );
    return engine.allocate(...wanted);
  };
  return Object.assign(Object.create(engine) as E, { decoder, destroy, allocate, whyCpu });
}
