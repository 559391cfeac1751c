import { chestPhantom } from "../../src/phantom/chest.js";
import type { LungCase } from "./lung_cases.js";

/** Where the generated chest's airways are, its truth has neither lung. */
const AIRWAYS = 3;

/**
 * The generated chest with its own truth: what anybody can make again, without a patient's data. 1.4 x 1.4
 * x 2 mm unless told.
 */
export function generatedCase(size: readonly [number, number, number] = [256, 256, 144]): LungCase {
  const phantom = chestPhantom({ size });
  const sliceVoxels = size[0] * size[1];
  const hu = new Int16Array(sliceVoxels * size[2]);
  const truth = new Uint8Array(hu.length);
  for (let k = 0; k < size[2]; k++) {
    hu.set(phantom.slice(k), k * sliceVoxels);
    truth.set(
      phantom.labels(k).map((label) => (label === AIRWAYS ? 0 : label)),
      k * sliceVoxels,
    );
  }
  return { grid: phantom.grid, hu, truth };
}
