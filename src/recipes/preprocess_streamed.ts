import type { Control } from "../core/control.js";
import type { Series } from "../dicom/series/list_series.js";
import { type RunningMaxima, runningMaxima } from "../ops/project/project.js";
import type { VolumeSlab } from "../ops/resample/resample_slabs.js";
import { targetGrid } from "../ops/resample/target_grid.js";
import { type Scratch, withScratch } from "../ops/scratch.js";
import type { CtEngine } from "../volume/ct_engine.js";
import { sliceWords } from "../volume/ct_volume.js";
import { planStore } from "../volume/plan_store.js";
import { openSliceWindow, type SliceWindow } from "../volume/slice_window.js";
import type { LungMask } from "./lung_mask.js";
import { waitsForLungs } from "./lung_outputs.js";
import { canGoByForLungs, type Gather, gatherForLungs, refinedLungBytes } from "./lungs_streamed.js";
import { acquiredInParts, type PartsOptions, partsOutput, type VolumeInParts } from "./parts_output.js";
import type { PreprocessOptions } from "./preprocess_options.js";
import { type ArraySink, projectionOutput } from "./preprocess_outputs.js";
import { resampledInParts, resampledRecord } from "./resampled_output.js";
import type { StageTime } from "./stage_clock.js";

/**
 * Whether the series is to go by, as often as there are arrays to be made of it, because the engine has no
 * room for it whole. What is put onto a true grid is not on its slices' own, and lungs may need them turned:
 * these are made of the whole or not at all.
 */
export function isStreamed({ limits }: CtEngine, series: Series, options: PreprocessOptions): boolean {
  const { grid, resampling } = series;
  const { lungs, spacingMm, slices } = options;
  if (resampling || slices || waitsForLungs(options)) return false;
  if (lungs === "refined" && !canGoByForLungs(series)) return false;
  // Both are there while one is made of the other.
  const beside = spacingMm === undefined ? undefined : targetGrid(grid, { spacingMm });
  const besideBytes = Math.max(
    beside ? sliceWords(beside) * 4 * beside.size[2] : 0,
    lungs === "refined" ? refinedLungBytes(beside ?? grid) : 0,
  );
  return planStore(grid, limits, { besideBytes }).store === "none";
}

/** What the streamed outputs are made by. */
interface Streaming {
  readonly scratch: Scratch;
  readonly engine: CtEngine;
  readonly series: Series;
  readonly options: PreprocessOptions;
  readonly sink: ArraySink;
  readonly control: Control;
  readonly time: <T>(stage: StageTime["stage"], task: () => Promise<T>) => Promise<T>;
}

/**
 * The arrays of `preprocess`, the same to the bit, of slices that are decoded again for each: no more of the
 * volume is ever there than a handful of slices, and a bit a voxel where lungs are asked for. Gives those.
 */
export async function makeStreamedOutputs(streaming: Streaming): Promise<LungMask | undefined> {
  const { scratch, engine, series, options, time, control } = streaming;
  const { spacingMm, exact, window, mip, lungs, dtype = "int16", omit = [] } = options;
  const resampledGrid = spacingMm === undefined ? undefined : targetGrid(series.grid, { spacingMm });
  const forLungs = lungs && (await gatherForLungs(streaming, lungs, resampledGrid ?? series.grid));

  const maxima = mip ? scratch.own(await runningMaxima({ engine, grid: series.grid })) : undefined;
  const ofAcquired: PartsOptions[] = [
    ...(omit.includes("volume") ? [] : [{ dtype }]),
    ...(window && !resampledGrid ? [{ dtype, window }] : []),
  ];
  const gather = [maxima && maximaInto(maxima, control), resampledGrid ? undefined : forLungs?.gather];
  await goBy(streaming, "load, write", ofAcquired, gather, (slices) => acquiredInParts(slices, control));
  if (maxima) await time("project", () => writeMaxima(streaming, maxima));

  if (spacingMm !== undefined && resampledGrid) {
    const resampling = { spacingMm, exact, grid: resampledGrid };
    const ofResampled: PartsOptions[] = [
      ...(omit.includes("resampled") ? [] : [{ dtype }]),
      ...(window ? [{ dtype, window }] : []),
    ];
    const stage = "load, resample, write";
    await goBy(streaming, stage, ofResampled, [forLungs?.gather], (slices) =>
      resampledInParts(slices, resampling, control),
    );
  }
  if (!forLungs) return undefined;
  const slices = scratch.own(openSliceWindow(engine, series, control));
  const record = spacingMm === undefined ? slices : resampledRecord(slices, spacingMm, exact);
  return time("lungs", () => forLungs.lungsOf(record));
}

/** Has the slices go by for each output, and for what is gathered on the way, with the first of them. */
async function goBy(
  { engine, series, options, sink, control, time }: Streaming,
  stage: string,
  outputs: readonly PartsOptions[],
  gather: readonly (Gather | undefined)[],
  volumeOf: (slices: SliceWindow) => VolumeInParts,
): Promise<void> {
  const gathering = gather.filter((one) => one !== undefined);
  const onPart = async (part: VolumeSlab) => {
    for (const one of gathering) await one(part);
  };
  const passes = outputs.length > 0 || gathering.length === 0 ? outputs : [undefined];
  for (const [i, output] of passes.entries()) {
    await withScratch(async (scratch) => {
      const volume = volumeOf(
        scratch.own(openSliceWindow(engine, series, { ...control, clip: options.clip })),
      );
      const told = i === 0 ? onPart : undefined;
      await time(stage, async () => {
        if (output) return sink.array(partsOutput(volume, { ...output, onPart: told }, control));
        for await (const part of volume.parts()) await told?.(part);
      });
    });
  }
}

function maximaInto(maxima: RunningMaxima, { signal }: Control): Gather {
  return ({ z0, volume }) => maxima.add(volume, z0, { signal });
}

async function writeMaxima({ engine, series, options, sink, control }: Streaming, maxima: RunningMaxima) {
  return withScratch(async (scratch) => {
    const { dtype = "int16", clip } = options;
    const source = scratch.own(openSliceWindow(engine, series, { ...control, clip }));
    for (const image of await maxima.read(source.values)) {
      await sink.array(projectionOutput(source, image, dtype));
      await sink.image(image);
    }
  });
}
