import type { Control } from "../core/control.js";
import { isHounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import { checkOptions, invalidOption, type Rule } from "../core/options.js";
import { boolean, controlRules, listOf, number, object, oneOf, positive, required } from "../core/rules.js";
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
import { type HuWindow, windowFunction } from "../ops/value/window_slabs.js";
import { allocateMask, type BitMask } from "../volume/bit_mask.js";
import { checkEngine, checkSeries } from "../volume/check_argument.js";
import type { CtEngine } from "../volume/ct_engine.js";
import { loadVolume } from "../volume/load_volume.js";
import { widerScale, withScale } from "../volume/measure_scale.js";
import { openSliceWindow, type SliceSource, slicesOf } from "../volume/slice_window.js";
import type { LungQuality } from "./lung_mask/judge.js";
import { type LungMask, type LungMethod, lungMask, lungMethods, plainLungMask } from "./lung_mask.js";
import { AIR_BELOW_HU, lungsOfAir } from "./lung_threshold.js";
import { requireHu } from "./plain_hu.js";
import {
  type ArraySink,
  entryScale,
  lungOutput,
  projectionOutput,
  type ValueDtype,
  volumeOutput,
  windowOutput,
} from "./preprocess_outputs.js";
import { isStreamed, makeStreamedOutputs } from "./preprocess_streamed.js";
import { resampledOutput, resampledRecord } from "./resampled_output.js";
import { type StageTime, stageClock } from "./stage_clock.js";

/** What to make of a series besides its volume; what is absent is not made. */
export interface PreprocessOptions {
  /**
   * Output spacing in mm of `resampled`, the grid aligned by "origin": plain linear, without antialiasing, so
   * that it equals ITK's.
   */
  readonly spacingMm?: number;
  /**
   * "integer": `resampled` has the same bits on every device, within 0.009 HU before rounding; see
   * `ResampleOptions.exact`. Goes with `spacingMm`.
   */
  readonly exact?: "integer";
  readonly window?: HuWindow;
  /** The method of `lungMask`. */
  readonly lungs?: LungMethod;
  readonly mip?: boolean;
  /**
   * Of `volume`, `resampled` and projections: "int16" by default, which `values` of the result scale;
   * "float32" are the values themselves.
   */
  readonly dtype?: ValueDtype;
  /** As `loadVolume` has it. */
  readonly clip?: boolean;
  /** Arrays that are made on the way, but not given to the sink. */
  readonly omit?: readonly ("volume" | "resampled")[];
}

/** Where the outputs of preprocess go. */
export interface PreprocessTarget {
  readonly sink: ArraySink;
}

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
 * Gives the options back.
 * @throws HounsfieldError `invalid-option`: before a series is loaded, not after
 */
function checkPreprocessing(
  given: PreprocessOptions & PreprocessTarget & Control,
): PreprocessOptions & PreprocessTarget & Control {
  const options = checkOptions("preprocess", given, {
    ...controlRules,
    sink: required(sinkRule),
    spacingMm: positive,
    exact: oneOf("integer"),
    window: object("preprocess window", { lowHu: required(number), highHu: required(number) }),
    lungs: oneOf(...lungMethods),
    mip: boolean,
    dtype: oneOf("int16", "float32"),
    clip: boolean,
    omit: listOf(oneOf("volume", "resampled"), '"volume" and "resampled"'),
  });
  if (options.window) windowFunction(options.window);
  if (options.exact && options.spacingMm === undefined)
    throw invalidOption("preprocess", "exact", options.exact, "only beside spacingMm");
  return options;
}

const sinkRule: Rule = (value) => {
  const { array, image } = (value ?? {}) as Partial<ArraySink>;
  return typeof array === "function" && typeof image === "function"
    ? undefined
    : "an object with the functions array and image";
};

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
  const { spacingMm, exact, window, lungs: method, mip, clip, dtype = "int16", omit = [] } = options;
  const resampledGrid = spacingMm ? targetGrid(series.grid, { spacingMm }) : undefined;
  const writesResampled = resampledGrid !== undefined && !omit.includes("resampled");
  // One array alone is made of the resampled volume, and plain lungs only ask where it is air: it can go by
  // without ever being there.
  const goesBy = resampledGrid && method !== "refined" && writesResampled !== (window !== undefined);
  if (spacingMm && goesBy && !mip && omit.includes("volume") && !series.resampling) {
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
  if (!omit.includes("volume")) {
    await time("write volume", () => sink.array(volumeOutput("volume", acquired, dtype, control)));
  }
  if (mip) await time("project", writeProjections);
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
    await sink.array(lungOutput(mask, control));
    const { quality } = mask;
    return { lungMl: quality.verdict === "no-lungs" ? 0 : quality.totalMl, lungQuality: quality };
  }
}
