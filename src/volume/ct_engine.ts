import type { DecodePool } from "../decode/pool.js";
import type { Engine } from "../engine/engine.js";

/** An engine that can also read compressed series: what `openEngine` gives in a browser and in Node. */
export interface CtEngine extends Engine {
  readonly decoder: DecodePool;
}

/** The engine with a decoder, both ended by its `destroy`. Not a copy: a GPU engine's device and adapter change when one is lost. */
export function withDecoder<E extends Engine>(engine: E, decoder: DecodePool): E & CtEngine {
  const destroy = () => {
    decoder.destroy();
    engine.destroy();
  };
  return Object.assign(Object.create(engine) as E, { decoder, destroy });
}
