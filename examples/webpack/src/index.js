import {
  attachOrbitControls,
  chooseSeries,
  createView,
  fileSources,
  listSeries,
  openEngine,
  openVolume,
} from "hounsfield";

const canvas = document.querySelector("canvas");
const input = document.querySelector("input");
const status = document.querySelector("output");

// One engine for the page, opened while the person looks for a folder.
const opening = openEngine({ device: "gpu", software: "fallback" });
let closing = new AbortController();

input.onchange = () => {
  closing.abort();
  closing = new AbortController();
  show(input.files, closing.signal);
};

/** Shows a folder until the signal is aborted, and frees what it made: the view first, then its volume. */
async function show(files, signal) {
  const closed = new Promise((resolve) => signal.addEventListener("abort", resolve));
  const onProgress = ({ stage, done, total }) => {
    status.value = `${stage}: ${done} of ${total}`;
  };
  let volume, view, detach;
  canvas.ariaBusy = "true";
  try {
    const series = chooseSeries((await listSeries(fileSources(files), { signal, onProgress })).series);
    ({ volume } = await openVolume(await opening, series, { signal, onProgress }));
    view = createView(canvas, volume, { projection: "mip", window: "bone" });
    detach = attachOrbitControls(view, canvas); // drag turns, wheel zooms
    await view.settled();
    canvas.ariaBusy = "false";
    await closed;
  } catch (error) {
    if (!signal.aborted) status.value = `${error.code ?? error.name}: ${error.message}`;
  } finally {
    detach?.();
    view?.destroy();
    volume?.destroy();
  }
}
