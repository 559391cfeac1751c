import type { Control } from "../core/control.js";

/**
 * A stage of `parts` parts, one after the other and of equal totals, each reporting from 0: outside they
 * count as one.
 */
export function progressInParts({ signal, onProgress }: Control, parts: number): Control {
  let finished = 0;
  return {
    signal,
    onProgress({ stage, done, total }) {
      onProgress?.({ stage, done: finished * total + done, total: parts * total });
      if (done === total) finished++;
    },
  };
}
