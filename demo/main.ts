import {
  type ByteSource,
  type Control,
  isHounsfieldError,
  openArchives,
  openEngine,
  openVolume,
  type Series,
  type SeriesOptions,
} from "hounsfield";
import { setUpHelp } from "./help.js";
import { setUpInputs } from "./inputs.js";
import { attachLungs } from "./lungs.js";
import { showOddities } from "./oddities.js";
import { element, show, showNotice, showProblem, showProgress, startNote } from "./panels.js";
import { setUpPanes } from "./panes.js";
import { describeProblem } from "./problems.js";
import { pickSeries } from "./series_choice.js";
import { attachSlabControls } from "./slab_controls.js";
import { attachSteering } from "./steering.js";
import { openViewer, type Viewer } from "./viewer.js";
import { attachVolumeControls } from "./volume_controls.js";
import { attachWindowControls } from "./window_controls.js";

type Engine = Awaited<ReturnType<typeof openGpu>>;
type Find = (control: Control) => Promise<readonly ByteSource[]>;
/** What a series is shown in spite of, once it was refused for it. */
type InSpiteOf = Pick<SeriesOptions, "allow" | "broken">;

let engine: Promise<Engine> | undefined;
let job: AbortController | undefined;
let viewer: Viewer | undefined;

/** From files to pictures; a second call ends the first. */
async function open(find: Find, spite: InSpiteOf = {}): Promise<void> {
  job?.abort();
  close();
  const { signal } = (job = new AbortController());
  const control: Control = { signal, onProgress: showProgress };
  const onError = (error: unknown) => {
    if (signal.aborted) ended(signal);
    else fail(error, find, spite);
  };
  try {
    showProgress({ stage: "headers", done: 0, total: 0 });
    const sources = await openArchives(await find(control), control);
    const started = performance.now();
    const { series, oddities } = await pickSeries(sources, { ...control, ...spite });
    const on = await openOnce();
    signal.throwIfAborted();
    const loading = await openVolume(on, series, control);
    if (signal.aborted) loading.volume.destroy();
    signal.throwIfAborted();
    const shown = (viewer = openViewer(loading.volume, { onNotice: showNotice, onError }));
    present(shown, series, onError);
    showOddities(oddities);
    await loading.done;
    if (signal.aborted) return;
    show("none");
    if (series.units === "HU") attachLungs(shown);
    tellFacts(on, series, (performance.now() - started) / 1000);
  } catch (error) {
    onError(error);
  }
}

/** The panes are there at once, their pictures come with the slices; controls work meanwhile. */
function present(shown: Viewer, { grid, units }: Series, onError: (error: unknown) => void): void {
  for (const id of ["another", "controls", "panes", "tabs"]) element(id, HTMLElement).hidden = false;
  element("stage", HTMLElement).classList.add("watching");
  element("find-lungs", HTMLElement).hidden = true;
  element("lungs", HTMLElement).hidden = units !== "HU";
  attachSteering(shown, units, onError);
  attachWindowControls(shown);
  attachVolumeControls(shown);
  attachSlabControls(shown);
  element("facts", HTMLElement).textContent = `${grid.size.join(" × ")} voxels`;
}

function tellFacts({ adapter }: Engine, { grid, description }: Series, seconds: number): void {
  const spacing = grid.spacingMm.map((mm) => mm.toFixed(2)).join(" × ");
  const on = adapter.software ? "software rendering: slow" : adapter.name || adapter.vendor;
  const name = description ? `${description}: ` : "";
  element("facts", HTMLElement).textContent =
    `${name}${grid.size.join(" × ")} voxels of ${spacing} mm, read in ${seconds.toFixed(1)} s (${on})`;
}

const openGpu = () => openEngine({ device: "gpu", software: "fallback" });

/** One engine for the page; a new one after its device was lost for good. */
function openOnce(): Promise<Engine> {
  if (engine) return engine;
  const forget = () => (engine = undefined);
  const opening = openGpu();
  opening.then((opened) => opened.lost.then(forget), forget);
  return (engine = opening);
}

function close(): void {
  viewer?.close();
  viewer = undefined;
  element("stage", HTMLElement).classList.remove("watching");
  for (const id of ["another", "controls", "panes", "tabs"]) element(id, HTMLElement).hidden = true;
  element("facts", HTMLElement).textContent = "CT volumes on WebGPU";
  showNotice(undefined);
  showOddities([]);
  startNote("");
}

/** Back to the start, if it was the job of this signal that ended. */
function ended(signal: AbortSignal): void {
  if (job?.signal !== signal) return;
  close();
  show("start");
  startNote("Cancelled. Nothing was kept.");
}

function fail(error: unknown, find?: Find, spite: InSpiteOf = {}): void {
  close();
  const { title, text } = describeProblem(error);
  const way = wayOn(error);
  const again = find && way && (() => void open(find, { ...spite, ...way }));
  showProblem(title, text, again, way?.broken ? "Show without this file" : "Repair and show");
}

/** What would have to be allowed for the pictures to be shown all the same. */
function wayOn(error: unknown): InSpiteOf | undefined {
  if (isHounsfieldError(error, "unfaithful-geometry") && error.fields.allow)
    return { allow: error.fields.allow };
  const isOneFile = isHounsfieldError(error) && "broken" in error.fields && error.fields.broken === "list";
  return isOneFile ? { broken: "list" } : undefined;
}

function toStart(): void {
  job?.abort();
  job = undefined;
  close();
  show("start");
}

setUpInputs({ open, cancel: () => job?.abort(), toStart });
setUpPanes();
setUpHelp();
// Said at once, not after a folder was chosen and read; opening the engine early also warms it.
openOnce().catch((error) => fail(error));
