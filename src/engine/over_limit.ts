import { HounsfieldError } from "../core/errors.js";
import type { EngineLimits } from "./engine.js";
import type { MemoryLedger } from "./memory_ledger.js";

/*
 * What is said of what does not fit: loaded then, for few pages ever say it.
 */

/** `bytes` more are beyond what the engine was opened to hold. */
export function overBudget(
  { bytes: held }: MemoryLedger,
  { budgetBytes = 0 }: Pick<EngineLimits, "budgetBytes">,
  label: string,
  bytes: number,
): HounsfieldError {
  const left = budgetBytes - held;
  const numbers = `"${label}" needs ${bytes} bytes; of the budget of ${budgetBytes} the engine has ${left} left`;
  const message = label === "volume" ? `${numbers}: ${volumeRemedy(bytes, budgetBytes)}` : numbers;
  return new HounsfieldError("out-of-memory", message, { got: bytes, accepted: Math.max(0, left) });
}

/** What can be done about a volume that does not fit. */
function volumeRemedy(bytes: number, budgetBytes: number): string {
  const goesBy = "preprocess makes most arrays while slices go by, without room for the volume";
  return bytes > budgetBytes ? goesBy : `free what is not needed any more, or ${goesBy}`;
}

/** A pass binds more than the device takes. */
export function overBinding(label: string, bytes: number, most: number): HounsfieldError {
  return overLimit(`"${label}": ${bytes} bytes in one binding; the device takes ${most}`, bytes, most);
}

/** What has to be one buffer is larger than the device takes. */
export function overBuffer(label: string, bytes: number, most: number): HounsfieldError {
  return overLimit(`"${label}" needs ${bytes} bytes in one buffer; the device takes ${most}`, bytes, most);
}

function overLimit(message: string, got: number, accepted: number): HounsfieldError {
  return new HounsfieldError("limit-exceeded", message, { got, accepted });
}
