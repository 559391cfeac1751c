import { HounsfieldError } from "../core/errors.js";
import { huScale, isUnscaled, valueOfStored } from "../core/value_scale.js";
import { mapVolume } from "../ops/value/map_volume.js";
import { roundHalfAway } from "../ops/value/value_round.js";
import { CtVolume } from "../volume/ct_volume.js";
import type { ProcessingHistory } from "../volume/history.js";

/**
 * Refuses a volume that is known to be no HU: of other units, or without any and of another modality than CT.
 * A CT whose headers lack its rescale passes, as its diagnostics say.
 * @throws HounsfieldError `wrong-units`
 */
export function requireHu(
  of: string,
  units: string,
  history?: Pick<ProcessingHistory, "source">,
  modality = history?.source?.modality,
): void {
  if (units === "HU" || (units === "unspecified" && (modality ?? "CT") === "CT")) return;
  const kind = units === "unspecified" ? `values of modality ${modality}` : units;
  throw new HounsfieldError("wrong-units", `${of}: needs HU, and the volume has ${kind}`, {
    got: units,
    accepted: "HU",
  });
}

/**
 * A volume in HU whose record is HU itself, which kernels with thresholds of their own take for granted: the
 * volume where it is one, else a copy, rounded and held within int16, that `own` gets to free.
 */
export async function plainHu(
  volume: CtVolume,
  own: (copy: CtVolume) => void,
  signal?: AbortSignal,
): Promise<CtVolume> {
  const { values, engine, grid, history } = volume;
  if (isUnscaled(values)) return volume;
  const table = Int16Array.from({ length: 65536 }, (_, i) =>
    Math.min(32767, Math.max(-32768, roundHalfAway(valueOfStored(values, i - 32768)))),
  );
  const mapped = await mapVolume(volume, { table, stage: "whole HU", signal });
  own(mapped);
  return new CtVolume(engine, grid, mapped.buffer, undefined, history, huScale);
}
