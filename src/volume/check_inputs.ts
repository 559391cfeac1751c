import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import { gridDifference } from "../core/grid_difference.js";
import type { Engine, EngineBuffer } from "../engine/engine.js";

/** A volume or a mask, or where one lies. */
interface Input {
  readonly engine: Engine;
  readonly grid: Grid;
  readonly buffer?: EngineBuffer;
}

/**
 * What every operation of several inputs asks first, each input by the name its caller knows it by; the first
 * is what the others are held against.
 * @throws HounsfieldError `destroyed`, `wrong-engine`, and `wrong-grid` for inputs that differ in size or
 * whose voxels do not lie in the same places of the patient (`gridToleranceVoxels`)
 */
export function checkInputs(inputs: Readonly<Record<string, Input>>): void {
  for (const [name, { buffer }] of Object.entries(inputs)) {
    if (buffer?.isDestroyed)
      throw new HounsfieldError("destroyed", `"${name}" (${buffer.label}) was used after its destroy()`);
  }
  const [[reference, { engine, grid }], ...others] = Object.entries(inputs);
  for (const [name, other] of others) {
    checkOneEngine(reference, engine, name, other.engine);
    const difference = gridDifference(grid, other.grid);
    if (!difference) continue;
    const { said, got, accepted } = difference;
    const remedy = `resample it onto that grid first, as in resampleMask(mask, { onto: volume.grid })`;
    throw new HounsfieldError(
      "wrong-grid",
      `"${name}" is not on the grid of "${reference}": ${said}; ${remedy}`,
      { got, accepted },
    );
  }
}

/**
 * An engine is known by its ledger: it may be seen through an object with a decoder, or with other limits.
 */
function checkOneEngine(reference: string, engine: Engine, name: string, other: Engine): void {
  if (other.memory === engine.memory) return;
  const [got, accepted] = [other.adapter.name, engine.adapter.name];
  throw new HounsfieldError(
    "wrong-engine",
    `"${name}" is on another engine (${got}) than "${reference}" (${accepted}); both inputs of an operation are to be on one`,
    { got, accepted },
  );
}
