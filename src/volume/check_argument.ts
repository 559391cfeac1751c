import { HounsfieldError } from "../core/errors.js";
import { checkArgument, invalidOption, type Rule } from "../core/options.js";
import type { RefusedSeries, Series } from "../dicom/series/list_series.js";
import type { Engine } from "../engine/engine.js";
import type { BitMask } from "./bit_mask.js";
import { checkLoaded } from "./check_slices.js";
import type { CtVolume } from "./ct_volume.js";

/**
 * Judges by the class's tag, not by `instanceof`, which is false for those of another copy of the library.
 */
const tagged =
  (tag: string): Rule =>
  (value) =>
    Object.prototype.toString.call(value) === `[object ${tag}]` ? undefined : `a ${tag}`;

export const volumeRule = /* @__PURE__ */ tagged("CtVolume");
export const maskRule = /* @__PURE__ */ tagged("BitMask");

/** By what is used of it: engines have no class. */
export const engineRule: Rule = (value) => {
  const { allocate, run } = (value ?? {}) as Partial<Engine>;
  return typeof allocate === "function" && typeof run === "function"
    ? undefined
    : "an engine, as openEngine resolves to";
};

/**
 * Refuses what is not a volume, such as a mask or nothing, as argument `name` of `of`, and one that is not
 * there whole, of which slices would be 0.
 * @throws HounsfieldError `invalid-option`, `destroyed`, `not-loaded`
 */
export function checkVolume(of: string, volume: CtVolume, name = "volume"): void {
  checkOpenVolume(of, volume, name);
  checkLoaded(volume, 0, volume.grid.size[2], of);
}

/** The same of a volume that may still be loaded, as views take it. */
export function checkOpenVolume(of: string, volume: CtVolume, name = "volume"): void {
  checkArgument(of, name, volume, volumeRule);
  refuseDestroyed(of, name, volume);
}

/** The same for a mask. */
export function checkMask(of: string, mask: BitMask, name = "mask"): void {
  checkArgument(of, name, mask, maskRule);
  refuseDestroyed(of, name, mask);
}

/**
 * Refuses what is not an engine.
 * @throws HounsfieldError `invalid-option`
 */
export function checkEngine(of: string, engine: Engine, name = "engine"): void {
  checkArgument(of, name, engine, engineRule);
}

/**
 * Refuses what is not a series that a volume can be made of; a series that was refused throws its reason.
 * @throws HounsfieldError `invalid-option` too
 */
export function checkSeries(of: string, series: Series): void {
  const given = (series ?? {}) as Partial<Series> | Partial<RefusedSeries>;
  if (given.refusal) throw given.refusal;
  const { slices, grid, transferSyntaxes } = given as Partial<Series>;
  if (Array.isArray(slices) && grid && Array.isArray(transferSyntaxes)) return;
  throw invalidOption(of, "series", series, "one series, as chooseSeries gives it");
}

function refuseDestroyed(of: string, name: string, { buffer }: CtVolume | BitMask): void {
  if (!buffer.isDestroyed) return;
  throw new HounsfieldError("destroyed", `${of}: ${name} (${buffer.label}) was used after its destroy()`);
}
