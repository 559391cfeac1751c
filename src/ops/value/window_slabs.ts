import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { finite, number, positive, required } from "../../core/rules.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import type { SlabMemory, ValueSlab } from "../stream_slabs.js";
import { slabRules } from "../stream_slabs.js";
import { mapSlabs } from "./map_volume.js";
import { byteTable, floatTable, type HuFunction } from "./value_table.js";

/** The interval that is scaled to 0..1: of HU, or of the units of the volume. */
export interface HuWindow {
  readonly lowHu: number;
  readonly highHu: number;
}

/**
 * The interval of a center and width, as DICOM's LINEAR_EXACT function has it (PS3.3 C.11.2.1.3.2).
 * @throws HounsfieldError `invalid-option` when the center is not finite, or the width not finite and above 0
 */
export function windowOf(centerHu: number, widthHu: number): HuWindow {
  const rules = { centerHu: required(finite), widthHu: required(positive) };
  checkOptions("windowOf", { centerHu, widthHu }, rules);
  return { lowHu: centerHu - widthHu / 2, highHu: centerHu + widthHu / 2 };
}

/**
 * clamp((hu - low) / (high - low), 0, 1) of every voxel as float32, in slabs of ascending z: nothing larger
 * than a slab is ever held. Bit-exact on every device: each value is the float32 nearest to the quotient in
 * float64.
 * @throws HounsfieldError `invalid-option` when `highHu` is not above `lowHu`
 */
export async function* windowSlabs(
  volume: CtVolume,
  options: HuWindow & SlabMemory & Control,
): AsyncGenerator<ValueSlab<Float32Array>> {
  checkVolume("windowSlabs", volume);
  const { lowHu, highHu, ...control } = checkOptions("windowSlabs", options, windowRules);
  const table = floatTable(windowFunction({ lowHu, highHu }), volume.values);
  yield* mapSlabs(volume, { table, stage: "window", ...control });
}

/** As `windowSlabs`, times 255, to the nearest, halves up: 8 bits a voxel. */
export async function* windowByteSlabs(
  volume: CtVolume,
  options: HuWindow & SlabMemory & Control,
): AsyncGenerator<ValueSlab<Uint8Array>> {
  checkVolume("windowByteSlabs", volume);
  const { lowHu, highHu, ...control } = checkOptions("windowByteSlabs", options, windowRules);
  const table = byteTable(windowFunction({ lowHu, highHu }), volume.values);
  yield* mapSlabs(volume, { table, stage: "window", ...control });
}

const windowRules = {
  ...slabRules,
  lowHu: /* @__PURE__ */ required(number),
  highHu: /* @__PURE__ */ required(number),
};

/**
 * The window as a function, for tables.
 * @throws HounsfieldError `invalid-option` when `highHu` is not above `lowHu`
 */
export function windowFunction({ lowHu, highHu }: HuWindow): HuFunction {
  if (!(highHu > lowHu && Number.isFinite(highHu - lowHu))) {
    throw new HounsfieldError("invalid-option", `a window needs low < high, got ${lowHu},${highHu}`, {
      got: [lowHu, highHu],
    });
  }
  return (hu) => Math.min(1, Math.max(0, (hu - lowHu) / (highHu - lowHu)));
}
