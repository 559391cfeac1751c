import {
  attachOrbitControls,
  chooseSeries,
  createView,
  fileSources,
  listSeries,
  openEngine,
  openVolume,
  receivePointerEvents,
} from "hounsfield";

const opening = openEngine({ device: "gpu", software: "fallback" });
const element = receivePointerEvents(); // of the page's canvas, as its forwardPointerEvents sends them
let canvas;
let closing = new AbortController();

addEventListener("message", ({ data }) => {
  if (data.canvas) canvas = data.canvas;
  if (!data.files) return;
  closing.abort();
  closing = new AbortController();
  show(data.files, closing.signal);
});

/** Shows a folder until the signal is aborted, and frees what it made: the view first, then its volume. */
async function show(files, signal) {
  const closed = new Promise((resolve) => signal.addEventListener("abort", resolve));
  const onProgress = ({ stage, done, total }) => postMessage({ status: `${stage}: ${done} of ${total}` });
  let volume, view, detach, unfollow;
  try {
    const series = chooseSeries((await listSeries(fileSources(files), { signal, onProgress })).series);
    ({ volume } = await openVolume(await opening, series, { signal, onProgress }));
    view = createView(canvas, volume, { projection: "mip", window: "bone" });
    detach = attachOrbitControls(view, element);
    unfollow = element.onSize(view.resize);
    await view.settled();
    postMessage({ settled: true });
    await closed;
  } catch (error) {
    if (!signal.aborted) postMessage({ status: `${error.code ?? error.name}: ${error.message}` });
  } finally {
    unfollow?.();
    detach?.();
    view?.destroy();
    volume?.destroy();
  }
}
