/**
 * What a consumer's compiler makes of the package: never run, compiled by test/unit/types.test.ts with every
 * TypeScript and setting that is supported, against the built types.
 */
import {
  type BitMask,
  type CtEngine,
  type CtVolume,
  chooseSeries,
  createView,
  directorySources,
  fileSources,
  folderSources,
  type GpuCtEngine,
  type GpuDevice,
  gpuRangesOf,
  HounsfieldError,
  isHounsfieldError,
  listSeries,
  loadVolume,
  lungMask,
  type OpenEngineOptions,
  openEngine,
  openSources,
  type PreprocessResult,
  preprocess,
  type RenderOptions,
  resample,
  type Shading,
  type TransferFunction,
  type ViewState,
} from "hounsfield";
import { type LabeledSlice, readCovidCtMdLabels } from "hounsfield/cohort";
import { createDecodePool } from "hounsfield/decode";
import { readHeaders } from "hounsfield/dicom";
import { encodeColorPng, encodeGrayPng } from "hounsfield/formats";
import {
  type MaskMeasures,
  type Neighbors,
  normalizeSlabs,
  type ThresholdOptions,
  threshold,
} from "hounsfield/ops";
import { phantomSeries } from "hounsfield/phantom";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
const holds = <_Claim extends true>() => {};

/** The device, whichever form the options have. */
export async function devices(config: OpenEngineOptions, device: "gpu" | "cpu") {
  const gpu = await openEngine({ device: "gpu" });
  const any = await openEngine();
  const configured = await openEngine(config);
  const chosen = await openEngine({ device });
  const fixed = { device: "gpu", threads: 2 } as const;
  holds<Equal<typeof gpu, GpuCtEngine>>();
  holds<Equal<Awaited<ReturnType<typeof fixedEngine>>, GpuCtEngine>>();
  holds<Equal<typeof any, CtEngine>>();
  holds<Equal<typeof configured, CtEngine>>();
  holds<Equal<typeof chosen, CtEngine>>();
  holds<Equal<typeof gpu.device, GpuDevice>>();
  holds<Equal<typeof any.device, GpuDevice | undefined>>();
  holds<Equal<IsAny<GpuDevice>, false>>();
  holds<Equal<IsAny<typeof gpu.lost>, false>>();
  const label: string = gpu.device.label;
  // @ts-expect-error: a GPU's device may be absent.
  configured.device.label;
  // @ts-expect-error: no such device.
  openEngine({ device: "tpu" });
  // @ts-expect-error: what operations do with buffers is no part of the surface.
  gpu.allocate("mine", 4);
  // @ts-expect-error
  gpu.run([]);
  return label;

  function fixedEngine() {
    return openEngine(fixed);
  }
}

/** Options that are there but undefined. */
export async function undefinedOptions(
  engine: CtEngine,
  canvas: HTMLCanvasElement,
  signal: AbortSignal | undefined,
  threads: number | undefined,
) {
  await openEngine({ device: undefined, threads, powerPreference: undefined });
  const { series } = await listSeries([], { signal, onProgress: undefined });
  const volume = await loadVolume(engine, chooseSeries(series), { signal });
  await resample(volume, { spacingMm: 1, signal, antialias: undefined });
  await threshold(volume, { fromHu: -1000, belowHu: undefined, signal });
  createView(canvas, volume, { masks: undefined, window: undefined, camera: { zoom: undefined } });
  await openSources([], { signal, headers: undefined, onUnreadable: undefined });
}

/** The same names in a page and in Node. */
export async function sources(
  input: HTMLInputElement,
  directory: FileSystemDirectoryHandle,
  drop: DragEvent,
) {
  fileSources(input.files);
  fileSources([new File([], "a")]);
  await directorySources(directory);
  await openSources(input.files);
  await openSources([new File([], "a"), new URL("https://example.org/a.zip"), "b.zip", directory]);
  const { droppedSources } = await import("hounsfield");
  if (drop.dataTransfer) await droppedSources(drop.dataTransfer.items);
  return folderSources("study", { onUnreadable: (error) => console.warn(error.fields.file) });
}

/** Fields by code. */
export function errors(error: unknown) {
  if (isHounsfieldError(error, "unfaithful-geometry")) {
    holds<Equal<typeof error.code, "unfaithful-geometry">>();
    type Names = "irregular" | "gaps" | "tilt" | "joined" | "assumed-spacing" | "assumed-orientation";
    const repairs: readonly Names[] = error.fields.allow ?? [];
    return repairs.length;
  }
  if (isHounsfieldError(error, "several-series")) return error.fields.candidates.length;
  if (isHounsfieldError(error)) {
    const file: string | undefined = error.fields.file;
    holds<Equal<IsAny<typeof error.fields>, false>>();
    return file;
  }
  // @ts-expect-error: no such code.
  isHounsfieldError(error, "no-such-code");
  return error instanceof HounsfieldError;
}

/** A view's state is plain and whole; a change is any part of it. */
export function views(canvas: HTMLCanvasElement | OffscreenCanvas, volume: CtVolume, mask: BitMask) {
  const view = createView(canvas, volume, { projection: "dvr", transfer: "bone", masks: { lungs: mask } });
  const state: ViewState = JSON.parse(JSON.stringify(view.state));
  holds<Equal<typeof view.state.projection, "mip" | "minip" | "average" | "dvr" | "mpr">>();
  holds<Equal<typeof view.state.shading, Shading>>();
  holds<Equal<typeof view.state.transfer, TransferFunction>>();
  view.set({ ...state, camera: { zoom: 2 }, slab: null });
  // @ts-expect-error: a state is replaced by `set`.
  view.state.projection = "mip";
  // @ts-expect-error: no such projection.
  view.set({ projection: "xray" });
  const stop: () => void = view.on("error", ({ error }) => errors(error));
  stop();
  // @ts-expect-error: no such event.
  view.on("done", () => {});
  // @ts-expect-error: the engine room of a volume.
  volume.arrival;
  // @ts-expect-error
  volume.shares;
  // @ts-expect-error
  volume.withHistory({});
  holds<Equal<IsAny<ReturnType<typeof gpuRangesOf>[0]["buffer"]>, false>>();
  return [...gpuRangesOf(volume), ...gpuRangesOf(mask)].map(({ buffer, bytes }) => buffer.size - bytes);
}

/** Types that a function of one's own names. */
export function named(
  measures: MaskMeasures,
  neighbors: Neighbors,
  options: ThresholdOptions,
  picture: RenderOptions,
  result: PreprocessResult,
  labels: readonly LabeledSlice[],
) {
  return [measures, neighbors, options, picture.width, result, labels];
}

/** What is made goes on to the platform. */
export async function results(volume: CtVolume, pixels: Uint8Array) {
  const png = await encodeColorPng(pixels, { width: 1, height: 1 });
  const picture = new Blob([png]);
  const hu: Int16Array = await volume.read();
  const gray = await encodeGrayPng(hu, { center: 40, width: 400 }, { width: 1, height: 1 });
  const lungs = await lungMask(volume);
  for await (const { values } of normalizeSlabs(volume, { method: "z-score" })) {
    const floats: Float32Array = values;
    floats.fill(0);
  }
  return [
    picture,
    new Blob([gray]),
    lungs.quality,
    createDecodePool,
    readHeaders,
    readCovidCtMdLabels,
    phantomSeries,
    preprocess,
  ];
}
