import {
  attachOrbitControls,
  type ByteSource,
  bytesSource,
  type Control,
  type CtVolume,
  createView,
  droppedSources,
  fileSources,
  listSeries,
  loadVolume,
  openEngine,
  type Series,
  type View,
} from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";
import { setUpControls, showState } from "./controls.js";
import { choose, element, show, showProblem, showProgress } from "./panels.js";
import { describeProblem } from "./problems.js";

type Engine = Awaited<ReturnType<typeof openEngine>>;

const canvas = element("canvas", HTMLCanvasElement);
let engine: Promise<Engine> | undefined;
let job: AbortController | undefined;
let shown: { view: View; volume: CtVolume; detach: () => void } | undefined;

/** From files to a picture; a second call ends the first. */
async function open(find: (control: Control) => Promise<readonly ByteSource[]>): Promise<void> {
  job?.abort();
  const { signal } = (job = new AbortController());
  const control: Control = { signal, onProgress: showProgress };
  close();
  try {
    showProgress({ stage: "headers", done: 0, total: 0 });
    const sources = await find(control);
    const started = performance.now();
    const series = await pickSeries(sources, control);
    const on = await openOnce();
    const volume = await loadVolume(on, series, control);
    if (signal.aborted) volume.destroy();
    signal.throwIfAborted();
    await present(on, series, volume, (performance.now() - started) / 1000);
  } catch (error) {
    if (signal.aborted) {
      if (job?.signal === signal) show("start");
    } else fail(error);
  }
}

async function pickSeries(sources: readonly ByteSource[], control: Control): Promise<Series> {
  const { series } = await listSeries(sources, control);
  const faithful = series.filter((one) => one.refusal === undefined);
  if (faithful.length === 0) throw series[0].refusal;
  if (faithful.length === 1) return faithful[0];
  const signal = control.signal ?? new AbortController().signal;
  return choose(
    faithful.map((one) => ({ label: labelOf(one), value: one })),
    signal,
  );
}

function labelOf({ description, modality, grid }: Series): string {
  const [columns, rows, slices] = grid.size;
  return `${description || modality || "Unnamed"}: ${slices} slices of ${columns} × ${rows}`;
}

/** One engine for the page; a new one after its device was lost. */
function openOnce(): Promise<Engine> {
  if (engine) return engine;
  const forget = () => (engine = undefined);
  const opening = openEngine({ device: "gpu", software: "fallback" });
  opening.then((opened) => opened.lost.then(forget), forget);
  return (engine = opening);
}

async function present(on: Engine, series: Series, volume: CtVolume, seconds: number): Promise<void> {
  const view: View = createView(canvas, volume, {
    projection: "mip",
    window: "bone",
    onChange: () => follow(view),
    onError: fail,
  });
  shown = { view, volume, detach: attachOrbitControls(view, canvas) };
  follow(view);
  await view.ready;
  show("none");
  canvas.classList.add("shown");
  for (const id of ["another", "controls", "letters"]) element(id, HTMLElement).hidden = false;
  element("facts", HTMLElement).textContent = factsOf(on, series, seconds);
  canvas.focus({ preventScroll: true });
}

/** Controls follow the state; the canvas says busy until its picture is refined. */
function follow(view: View): void {
  showState(view);
  canvas.ariaBusy = "true";
  view.settled().then(
    () => (canvas.ariaBusy = "false"),
    () => {},
  );
}

function factsOf({ adapter }: Engine, { grid }: Series, seconds: number): string {
  const size = grid.size.join(" × ");
  const spacing = grid.spacingMm.map((mm) => mm.toFixed(2)).join(" × ");
  const on = adapter.software ? "software rendering: slow" : adapter.name || adapter.vendor;
  return `${size} voxels of ${spacing} mm, read in ${seconds.toFixed(1)} s (${on})`;
}

function close(): void {
  shown?.detach();
  shown?.view.destroy();
  shown?.volume.destroy();
  shown = undefined;
  canvas.classList.remove("shown");
  for (const id of ["another", "controls", "letters"]) element(id, HTMLElement).hidden = true;
  element("facts", HTMLElement).textContent = "CT volumes on WebGPU";
}

function fail(error: unknown): void {
  close();
  const { title, text } = describeProblem(error);
  showProblem(title, text);
}

/** The phantom's files, with a breath between slices so that the page stays alive. */
async function phantomSources({ signal, onProgress }: Control): Promise<ByteSource[]> {
  const phantom = chestPhantom();
  const total = phantom.grid.size[2];
  const sources: ByteSource[] = [];
  for (const { name, bytes } of phantomSeries(phantom)) {
    sources.push(bytesSource(name, bytes));
    onProgress?.({ stage: "phantom", done: sources.length, total });
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  }
  return sources;
}

function setUpInputs(): void {
  for (const id of ["folder", "files"]) {
    const input = element(id, HTMLInputElement);
    input.addEventListener("change", () => {
      const sources = fileSources(input.files ?? []);
      input.value = "";
      if (sources.length > 0) open(async () => sources);
    });
  }
  const stage = element("stage", HTMLElement);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    stage.classList.remove("over");
    const sources = event.dataTransfer && droppedSources(event.dataTransfer.items);
    if (sources) open(() => sources);
  });
  element("phantom", HTMLButtonElement).addEventListener("click", () => open(phantomSources));
  element("cancel", HTMLButtonElement).addEventListener("click", () => job?.abort());
  for (const id of ["another", "back"]) {
    element(id, HTMLButtonElement).addEventListener("click", () => {
      close();
      show("start");
    });
  }
}

setUpInputs();
setUpControls(() => shown?.view);
// Said at once, not after a folder was chosen and read; opening the engine early also warms it.
openOnce().catch(fail);
