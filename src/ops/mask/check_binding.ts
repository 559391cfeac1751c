import { HounsfieldError } from "../../core/errors.js";
import type { Engine } from "../../engine/engine.js";

/** @throws HounsfieldError `limit-exceeded` when `what` does not fit in one binding */
export function checkBinding({ limits }: Engine, what: string, bytes: number): void {
  if (bytes > limits.maxBindingBytes) {
    throw new HounsfieldError(
      "limit-exceeded",
      `${what}: ${bytes} bytes in one binding; the device takes ${limits.maxBindingBytes}`,
      { got: bytes, accepted: limits.maxBindingBytes },
    );
  }
}
