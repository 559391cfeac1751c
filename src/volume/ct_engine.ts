import type { DecodePool } from "../decode/pool.js";
import type { Engine } from "../engine/engine.js";

/** An engine that can also read compressed series: what `openEngine` gives in a browser and in Node. */
export interface CtEngine extends Engine {
  readonly decoder: DecodePool;
}
