import type { Control } from "../core/control.js";
import type { Grid } from "../core/grid.js";
import type { Series } from "../dicom/series.js";
import { type Projection, projectionPlanes, projectMaximum } from "../ops/project/project.js";
import { resample } from "../ops/resample/resample.js";
import { type HuWindow, windowSlabs } from "../ops/value/window.js";
import type { CtEngine } from "../volume/ct_engine.js";
import { type CtVolume, sliceWords } from "../volume/ct_volume.js";
import { loadVolume } from "../volume/load_volume.js";
import { slabsOf } from "../volume/slabs.js";
import type { LungQuality } from "./lung_mask/judge.js";
import { type LungMethod, lungMask } from "./lung_mask.js";
import { type StageTime, stageClock } from "./stage_clock.js";

/** What to make of a series besides its volume; what is absent is not made. */
export interface PreprocessOptions {
  /** Output spacing in mm of `resampled`, on grid "O": plain linear, without antialiasing, so that it equals ITK's. */
  readonly spacingMm?: number;
  readonly window?: HuWindow;
  /** The method of `lungMask`. */
  readonly lungs?: LungMethod;
  readonly mip?: boolean;
}

/** A named array on its way out, in slabs of ascending z: no more than one slab is in memory. */
export interface ArrayOutput {
  readonly name: "volume" | "resampled" | "windowed" | "lungs" | `mip-${Projection["plane"]}`;
  readonly dtype: "int16" | "float32" | "uint8";
  /** z, y, x; or rows, columns of a projection. */
  readonly shape: readonly number[];
  readonly slabs: AsyncIterable<Int16Array | Float32Array | Uint8Array>;
}

/** Where results go: files, downloads, memory. One array is consumed before the next is made. */
export interface ArraySink {
  array(output: ArrayOutput): Promise<void>;
  /** Each projection once more, as an image, for who draws it. */
  image(projection: Projection): Promise<void>;
}

export interface PreprocessResult {
  readonly grid: Grid;
  /** Of the resampled volume, where there is one. */
  readonly resampledGrid?: Grid;
  /** Of both lungs, without the airways where these are known. */
  readonly lungMl?: number;
  readonly lungQuality?: LungQuality;
  readonly stages: readonly StageTime[];
  /** The most bytes that the engine's buffers held at once. */
  readonly peakEngineBytes: number;
}

/**
 * The whole chain on one engine: load, then project, resample, window and mask as asked. Projections are of the volume as acquired, so they
 * hold measured values only; windowed values and lungs are of the resampled volume where there is one.
 */
export async function preprocess(
  engine: CtEngine,
  series: Series,
  options: PreprocessOptions,
  sink: ArraySink,
  control: Control = {},
): Promise<PreprocessResult> {
  const { stages, time } = stageClock();
  using acquired = await time("load", () => loadVolume(engine, series, control));
  await time("write volume", () => sink.array(volumeOutput("volume", acquired, control)));
  if (options.mip) await time("project", () => writeProjections(acquired, sink, control));
  const { spacingMm, window } = options;
  using resampled = spacingMm
    ? await time("resample", () => resample(acquired, { spacingMm, antialias: false, ...control }))
    : undefined;
  if (resampled) {
    acquired.destroy();
    await time("write resampled", () => sink.array(volumeOutput("resampled", resampled, control)));
  }
  const last = resampled ?? acquired;
  if (window) await time("window", () => sink.array(windowOutput(last, window, control)));
  const method = options.lungs;
  const lungs = method && (await time("lungs", () => writeLungs(last, method, sink, control)));
  return {
    grid: series.grid,
    resampledGrid: resampled?.grid,
    ...lungs,
    stages,
    peakEngineBytes: engine.memory.peakBytes,
  };
}

function zyx({ size }: Grid): number[] {
  return [size[2], size[1], size[0]];
}

function volumeOutput(
  name: "volume" | "resampled",
  volume: CtVolume,
  { signal, onProgress }: Control,
): ArrayOutput {
  const { engine, grid } = volume;
  async function* slabs() {
    for (const { z0, z1 } of slabsOf(engine, grid, sliceWords(grid) * 4)) {
      signal?.throwIfAborted();
      yield await volume.read(z0, z1);
      onProgress?.({ stage: `write ${name}`, done: z1, total: grid.size[2] });
    }
  }
  return { name, dtype: "int16", shape: zyx(grid), slabs: slabs() };
}

function windowOutput(volume: CtVolume, window: HuWindow, control: Control): ArrayOutput {
  async function* slabs() {
    for await (const { values } of windowSlabs(volume, { ...window, ...control })) yield values;
  }
  return { name: "windowed", dtype: "float32", shape: zyx(volume.grid), slabs: slabs() };
}

async function writeProjections(volume: CtVolume, sink: ArraySink, control: Control): Promise<void> {
  for (const plane of projectionPlanes) {
    const image = await projectMaximum(volume, { plane, ...control });
    async function* slabs() {
      yield image.hu;
    }
    await sink.array({
      name: `mip-${plane}`,
      dtype: "int16",
      shape: [image.height, image.width],
      slabs: slabs(),
    });
    await sink.image(image);
  }
}

/** Writes the labels and gives what is known of them. */
async function writeLungs(
  volume: CtVolume,
  method: LungMethod,
  sink: ArraySink,
  control: Control,
): Promise<Pick<PreprocessResult, "lungMl" | "lungQuality">> {
  using mask = await lungMask(volume, { method, ...control });
  const { grid, quality } = mask;
  async function* slabs() {
    for (const { z0, z1 } of slabsOf(volume.engine, grid, grid.size[0] * grid.size[1])) {
      control.signal?.throwIfAborted();
      yield await mask.readLabels(z0, z1);
    }
  }
  await sink.array({ name: "lungs", dtype: "uint8", shape: zyx(grid), slabs: slabs() });
  return { lungMl: quality.verdict === "no-lungs" ? 0 : quality.totalMl, lungQuality: quality };
}
