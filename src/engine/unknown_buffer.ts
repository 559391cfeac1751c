import { HounsfieldError } from "../core/errors.js";
import type { EngineBuffer } from "./engine.js";

/** Why an engine does not hold a buffer: `destroyed`, or `wrong-engine` for another engine's. */
export function unknownBuffer({ label, isDestroyed }: EngineBuffer): HounsfieldError {
  return isDestroyed
    ? new HounsfieldError("destroyed", `"${label}" was used after its destroy()`)
    : new HounsfieldError(
        "wrong-engine",
        `"${label}" belongs to another engine than the one that should use it`,
      );
}
