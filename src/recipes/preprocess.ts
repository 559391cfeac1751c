import type { Control } from "../core/control.js";
import { isHounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import { huScale, type ValueScale } from "../core/value_scale.js";
import { plannedScale } from "../dicom/image/record_scale.js";
import type { Series } from "../dicom/series/list_series.js";
import { keepingFreed } from "../engine/round_trips.js";
import { thresholdInto } from "../ops/mask/threshold.js";
import { projectMaxima } from "../ops/project/project.js";
import { resample } from "../ops/resample/resample.js";
import type { VolumeSlab } from "../ops/resample/resample_slabs.js";
import { targetGrid } from "../ops/resample/target_grid.js";
import { type Scratch, withScratch } from "../ops/scratch.js";
import { allocateMask, type BitMask } from "../volume/bit_mask.js";
import { checkEngine, checkSeries } from "../volume/check_argument.js";
import type { CtEngine } from "../volume/ct_engine.js";
import { loadVolume } from "../volume/load_volume.js";
import { widerScale, withScale } from "../volume/measure_scale.js";
import { openSliceWindow, type SliceSource, slicesOf } from "../volume/slice_window.js";
import type { LungQuality } from "./lung_mask/judge.js";
import { type LungMask, lungMask, plainLungMask } from "./lung_mask.js";
import { makeLungOutputs, waitsForLungs } from "./lung_outputs.js";
import { AIR_BELOW_HU, lungsOfAir } from "./lung_threshold.js";
import { requireHu } from "./plain_hu.js";
import { checkPreprocessing, type PreprocessOptions, type PreprocessTarget } from "./preprocess_options.js";
import {
  type ArraySink,
  entryScale,
  lungOutput,
  projectionOutput,
  volumeOutput,
  windowOutput,
} from "./preprocess_outputs.js";
import { isStreamed, makeStreamedOutputs } from "./preprocess_streamed.js";
import { resampledOutput, resampledRecord } from "./resampled_output.js";
import { slicesOutput } from "./slices_output.js";
import { type StageTime, stageClock } from "./stage_clock.js";

/** What preprocess did: times, grids and what is known of the outputs. */
export interface PreprocessResult {
  readonly grid: Grid;
  /** What int16 arrays stand for: value = entry * slope + intercept; of float32 arrays the units. */
  readonly values: ValueScale;
  /** Of the resampled volume, where there is one. */
  readonly resampledGrid?: Grid;
  /** Of both lungs, without the airways where these are known. */
  readonly lungMl?: number;
  readonly lungQuality?: LungQuality;
  readonly stages: readonly StageTime[];
  /**
   * Where the volume as acquired lay: in one buffer, in several, or nowhere as a whole, its slices decoded
   * again from their source for each array.
   */
  readonly store: "whole" | "slabs" | "source";
  /** The most bytes that the engine's buffers held at once. */
  readonly peakEngineBytes: number;
}

/**
 * The whole chain on one engine: load, then project, resample, window and mask as asked. Projections are of
 * the volume as acquired, so they hold measured values only; windowed values and lungs are of the resampled
 * volume where there is one.
 */
export function preprocess(
  engine: CtEngine,
  series: Series,
  options: PreprocessOptions & PreprocessTarget & Control,
): Promise<PreprocessResult> {
  checkEngine("preprocess", engine);
  checkSeries("preprocess", series);
  const { sink, signal, onProgress, ...rest } = checkPreprocessing(options);
  const control = { signal, onProgress };
  if (rest.lungs) requireHu("preprocess lungs", series.units, undefined, series.modality);
  return withFittingScale(engine, series, rest, control, (scaled) =>
    withScratch((scratch) => makeOutputs(scratch, engine, scaled, rest, sink, control)),
  );
}

/**
 * Slices that go by cannot be gone back to: where one turns out to leave int16, all is made once more, in a
 * record that holds it.
 */
async function withFittingScale<T>(
  engine: CtEngine,
  series: Series,
  { clip }: PreprocessOptions,
  control: Control,
  make: (scaled: Series) => Promise<T>,
): Promise<T> {
  const scaled = await withScale(engine, series, control);
  try {
    return await make(scaled);
  } catch (error) {
    if (!isHounsfieldError(error, "value-range") || clip) throw error;
    return await make({ ...series, values: await widerScale(engine, series, control) });
  }
}

async function makeOutputs(
  scratch: Scratch,
  engine: CtEngine,
  series: Series,
  options: PreprocessOptions,
  sink: ArraySink,
  control: Control,
): Promise<PreprocessResult> {
  const { stages, time } = stageClock();
  const { spacingMm, exact, window, lungs: method, mip, clip, slices, dtype = "int16", omit = [] } = options;
  const resampledGrid = spacingMm ? targetGrid(series.grid, { spacingMm }) : undefined;
  const writesResampled = resampledGrid !== undefined && !omit.includes("resampled");
  // One array alone is made of the resampled volume, and plain lungs only ask where it is air: it can go by
  // without ever being there.
  const waits = waitsForLungs(options);
  const goesBy =
    !waits && resampledGrid && method !== "refined" && writesResampled !== (window !== undefined);
  if (spacingMm && goesBy && !mip && !slices && omit.includes("volume") && !series.resampling) {
    // Nothing is asked of the volume itself, and its own slices can go by too.
    const slices = scratch.own(openSliceWindow(engine, series, { ...control, clip }));
    return result(
      { ...slices, store: "source" },
      await writeResampled(slices, spacingMm, resampledGrid, "load, "),
    );
  }
  if (isStreamed(engine, series, options)) {
    const lungs = await makeStreamedOutputs({ scratch, engine, series, options, sink, control, time });
    const values = plannedScale(series) ?? huScale;
    return result({ values, store: "source" }, lungs && (await writeLungs(lungs)));
  }
  const acquired = scratch.own(await time("load", () => loadVolume(engine, series, { ...control, clip })));
  const { values, store } = acquired;
  if (!omit.includes("volume") && !(waits && !spacingMm)) {
    await time("write volume", () => sink.array(volumeOutput("volume", acquired, dtype, control)));
  }
  if (mip) await time("project", writeProjections);
  if (slices && !slices.masked)
    await time("write slices", () => sink.array(slicesOutput(acquired, slices, undefined, control)));
  if (spacingMm && goesBy)
    return result(
      { values, store },
      await writeResampled(slicesOf(acquired), spacingMm, resampledGrid, "", () => scratch.free(acquired)),
    );
  const resampled = spacingMm
    ? await time("resample", async () => {
        const made = scratch.own(
          await resample(acquired, { spacingMm, exact, antialias: false, ...control }),
        );
        // So that the time is this stage's, not that of the next one that reads.
        await engine.idle();
        return made;
      })
    : undefined;
  if (resampled) scratch.free(acquired);
  if (waits && method) {
    const last = { volume: resampled ?? acquired, name: resampled ? "resampled" : "volume" } as const;
    const { lungs, grid } = await makeLungOutputs({ scratch, ...last, options, method, sink, control, time });
    const made = await time("write lungs", () => writeLungs(lungs));
    return { ...result({ values, store }, made), ...(resampled ? { resampledGrid: grid } : { grid }) };
  }
  if (resampled && writesResampled) {
    await time("write resampled", () => sink.array(volumeOutput("resampled", resampled, dtype, control)));
  }
  const last = resampled ?? acquired;
  if (window) await time("window", () => sink.array(windowOutput(last, window, control)));
  return result(
    { values, store },
    method && (await time("lungs", async () => writeLungs(await lungMask(last, { method, ...control })))),
  );

  function result(
    { values: { slope, intercept, units }, store }: Pick<PreprocessResult, "values" | "store">,
    lungs?: Pick<PreprocessResult, "lungMl" | "lungQuality">,
  ): PreprocessResult {
    const values = entryScale({ slope, intercept, units }, dtype);
    const { peakBytes } = engine.memory;
    return { grid: series.grid, values, resampledGrid, ...lungs, stages, store, peakEngineBytes: peakBytes };
  }

  /**
   * Writes what goes by and, where they are asked for, the lungs of its air. Of the stages' names, `first` is
   * what is done on the way.
   */
  async function writeResampled(
    source: SliceSource,
    spacingMm: number,
    grid: Grid,
    first: string,
    release = () => {},
  ): Promise<Pick<PreprocessResult, "lungMl" | "lungQuality"> | undefined> {
    const air = method && scratch.own(await allocateMask(engine, grid, "air", "unwritten"));
    const options = { spacingMm, exact, grid, window, dtype, onPart: air && airInto(air) };
    const stage = `${first}resample, ${window ? "window" : "write"}`;
    await time(stage, () => sink.array(resampledOutput(source, options, control)));
    const record = resampledRecord(source, spacingMm, exact);
    release();
    const plain = (air: BitMask) =>
      keepingFreed(engine, async () => plainLungMask(await lungsOfAir(air, control), record, control));
    return air && (await time("lungs", async () => writeLungs(await plain(air))));
  }

  function airInto(air: BitMask) {
    const { signal } = control;
    return ({ z0, volume }: VolumeSlab) => thresholdInto(air, z0, volume, { belowHu: AIR_BELOW_HU, signal });
  }

  async function writeProjections(): Promise<void> {
    for (const image of await projectMaxima(acquired, control)) {
      await sink.array(projectionOutput(acquired, image, dtype));
      await sink.image(image);
    }
  }

  /** Writes the labels and gives what is known of them. */
  async function writeLungs(lungs: LungMask): Promise<Pick<PreprocessResult, "lungMl" | "lungQuality">> {
    const mask = scratch.own(lungs);
    if (!omit.includes("lungs")) await sink.array(lungOutput(mask, control));
    const { quality } = mask;
    return { lungMl: quality.verdict === "no-lungs" ? 0 : quality.totalMl, lungQuality: quality };
  }
}
