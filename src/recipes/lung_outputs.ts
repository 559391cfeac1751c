import type { Control } from "../core/control.js";
import type { Grid } from "../core/grid.js";
import { crop as cropVolume } from "../ops/resample/crop.js";
import type { Scratch } from "../ops/scratch.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { bothLungs, boxAroundLungs, cropLungs, onlyLungs } from "./around_lungs.js";
import { type LungMask, type LungMethod, lungMask } from "./lung_mask.js";
import type { PreprocessOptions } from "./preprocess_options.js";
import { type ArraySink, volumeOutput, windowOutput } from "./preprocess_outputs.js";
import { slicesOutput } from "./slices_output.js";
import type { StageTime } from "./stage_clock.js";

/** Whether what is written of the last grid waits for its lungs. */
export function waitsForLungs({ crop, outsideLungsHu, slices }: PreprocessOptions): boolean {
  return crop !== undefined || outsideLungsHu !== undefined || slices?.masked === true;
}

/** What the outputs that wait for the lungs are made by. */
export interface LungOutputs {
  readonly scratch: Scratch;
  /** Resampled or as acquired. */
  readonly volume: CtVolume;
  readonly name: "volume" | "resampled";
  readonly options: PreprocessOptions;
  readonly method: LungMethod;
  readonly sink: ArraySink;
  readonly control: Control;
  readonly time: <T>(stage: StageTime["stage"], task: () => Promise<T>) => Promise<T>;
}

/** Writes the arrays of the last grid as cropped to its lungs, or without what is around them. */
export async function makeLungOutputs(
  outputs: LungOutputs,
): Promise<{ readonly lungs: LungMask; readonly grid: Grid }> {
  const { scratch, volume, name, options, method, sink, control, time } = outputs;
  const { window, omit = [], dtype = "int16", slices } = options;
  const lungs = scratch.own(await time("lungs", () => lungMask(volume, { method, ...control })));
  if (slices?.masked) {
    const inside = scratch.own(await bothLungs(lungs, control));
    await time("write slices", () => sink.array(slicesOutput(volume, slices, inside, control)));
  }
  const around = await time("crop", () => aroundLungs(outputs, lungs));
  if (!omit.includes(name))
    await time(`write ${name}`, () => sink.array(volumeOutput(name, around.volume, dtype, control)));
  if (window) await time("window", () => sink.array(windowOutput(around.volume, window, control)));
  return { lungs: around.lungs, grid: around.volume.grid };
}

async function aroundLungs(
  { scratch, volume, options, control }: LungOutputs,
  lungs: LungMask,
): Promise<{ readonly volume: CtVolume; readonly lungs: LungMask }> {
  const { crop, outsideLungsHu } = options;
  const { signal } = control;
  const box = crop && (await boxAroundLungs(lungs, crop.marginMm, control));
  const cut = box
    ? {
        volume: scratch.own(await cropVolume(volume, { ...box, signal })),
        lungs: scratch.own(await cropLungs(lungs, box, control)),
      }
    : { volume, lungs };
  if (outsideLungsHu === undefined) return cut;
  const masked = scratch.own(await onlyLungs(cut.volume, cut.lungs, outsideLungsHu, control));
  return { volume: masked, lungs: cut.lungs };
}
