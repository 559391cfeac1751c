import type { Control } from "../core/control.js";
import { checkOptions } from "../core/options.js";
import { controlRules } from "../core/rules.js";
import { keepingFreed } from "../engine/round_trips.js";
import { combineMasks } from "../ops/mask/combine_masks.js";
import { reorient, reorientedGrid } from "../ops/resample/reorient.js";
import { resampleMask } from "../ops/resample/resample_mask.js";
import { withScratch } from "../ops/scratch.js";
import { allocateMask, type BitMask } from "../volume/bit_mask.js";
import { checkVolume } from "../volume/check_argument.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { historyOf } from "../volume/history.js";
import { findBody } from "./lung_mask/body.js";
import { type HuSource, huOf } from "./lung_mask/hu_source.js";
import { AIR_BELOW_HU, findInnerAir, findOutside } from "./lung_mask/inner_air.js";
import { findPadding } from "./lung_mask/padding.js";
import { plainHu, requireHu } from "./plain_hu.js";

/**
 * The patient: tissue and all that it encloses, lungs and bowel too, without table, head rest, blanket and
 * padding; a lung that the field of view cuts is in it. Empty where there is no tissue. Thresholds,
 * components and morphology alone, so bit-exact on every device; it is the first step of `lungMask`, and
 * docs/lung-mask.md says how it is made. Any orientation.
 * @throws HounsfieldError `invalid-option`, `wrong-units`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function bodyMask(volume: CtVolume, control: Control = {}): Promise<BitMask> {
  checkVolume("bodyMask", volume);
  checkOptions("bodyMask", control, controlRules);
  requireHu("bodyMask", volume.values.units, volume.history);
  const mask = await keepingFreed(volume.engine, () =>
    withScratch(async (scratch) =>
      turnedBody(await plainHu(volume, (copy) => scratch.own(copy), control.signal), control),
    ),
  );
  return mask.withHistory(historyOf("bodyMask", {}, volume));
}

async function turnedBody(volume: CtVolume, control: Control): Promise<BitMask> {
  const upright = reorientedGrid(volume.grid, "LPS");
  if (upright.direction.every((cosine, i) => cosine === volume.grid.direction[i])) {
    return bodyOf(huOf(volume), control);
  }
  return withScratch(async (scratch) => {
    const turned = scratch.own(await reorient(volume, { axes: "LPS", signal: control.signal }));
    const body = scratch.own(await bodyOf(huOf(turned), control));
    return resampleMask(body, { onto: volume.grid, signal: control.signal });
  });
}

/** Of a volume with LPS axes. */
function bodyOf(volume: HuSource, { signal, onProgress }: Control): Promise<BitMask> {
  const total = 3;
  const report = (done: number) => onProgress?.({ stage: "body mask", done, total });
  return withScratch(async (scratch) => {
    report(0);
    const padding = await findPadding(volume, { signal });
    if (padding) scratch.own(padding);
    const empty = scratch.own(await volume.threshold({ belowHu: AIR_BELOW_HU, signal }));
    const air = padding ? scratch.own(await combineMasks(empty, padding, { rule: "or", signal })) : empty;
    const body = await findBody(air, { signal });
    report(1);
    if (!body) {
      report(total);
      return allocateMask(volume.engine, volume.grid, "no body");
    }
    const tissue = scratch.own(body.tissue);
    const enclosed = scratch.own(body.enclosed);
    const outside = scratch.own(await findOutside(volume, body, padding, { signal }));
    report(2);
    const inner = scratch.own(await findInnerAir(air, outside, body, { signal }));
    const whole = scratch.own(await combineMasks(tissue, enclosed, { rule: "or", signal }));
    const mask = await combineMasks(whole, inner, { rule: "or", signal });
    report(total);
    return mask;
  });
}
