import { isHounsfieldError } from "../core/errors.js";
import type { Engine } from "../engine/engine.js";
import type { CtVolume } from "./ct_volume.js";
import type { SliceArrivals } from "./slice_arrivals.js";

/**
 * Fills a volume now, and again whenever the engine's device was lost and replaced. Resolves when it is
 * filled for the first time; rejects with what made that impossible, and then has destroyed the volume.
 */
export function restoreOnDeviceLoss(
  engine: Engine,
  volume: CtVolume,
  arrival: SliceArrivals,
  fill: (again: boolean) => Promise<void>,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    let filled = false;
    const fail = (error: unknown) => {
      arrival.fail(error);
      reject(error);
      if (!filled) volume.destroy();
    };
    const finish = () => {
      filled = true;
      arrival.finish();
      resolve();
    };
    const restore = () => {
      arrival.reset();
      return fill(true).then(finish);
    };
    arrival.signal.addEventListener("abort", () => fail(arrival.signal.reason));
    engine.restoreWith?.(volume.buffer, { restore, failed: fail });
    // A loss is not the end where the engine recovers: the restorer is called, or told that it cannot be.
    const recovers = engine.restoreWith !== undefined;
    fill(false).then(finish, (error) => {
      if (!(recovers && isHounsfieldError(error, "device-lost"))) fail(error);
    });
  });
}
