import { createView, fileSources, openEngine, openVolume, readSeries } from "hounsfield";

const opening = openEngine({ device: "gpu", software: "fallback" });
let canvas, sizePx, view;
let closing = new AbortController();

addEventListener("message", ({ data }) => {
  if (data.canvas) canvas = data.canvas;
  if (data.widthPx) {
    sizePx = [Math.round(data.widthPx), Math.round(data.heightPx)];
    view?.resize(...sizePx);
  }
  if (!data.files?.length) return;
  closing.abort();
  closing = new AbortController();
  show(data.files, closing.signal);
});

/** Shows a folder until the signal is aborted, and frees what it made: the view first, then its volume. */
async function show(files, signal) {
  const closed = new Promise((resolve) => signal.addEventListener("abort", resolve));
  const onProgress = ({ stage, done, total }) => postMessage({ status: `${stage}: ${done} of ${total}` });
  let volume, mine;
  try {
    const [series] = await readSeries(fileSources(files), { signal, onProgress });
    ({ volume } = await openVolume(await opening, series, { signal, onProgress }));
    mine = view = createView(canvas, volume, { projection: "mip", window: "bone" });
    view.resize(...sizePx);
    await view.settled();
    postMessage({ settled: true });
    await closed;
  } catch (error) {
    if (!signal.aborted) postMessage({ status: `${error.code ?? error.name}: ${error.message}` });
  } finally {
    mine?.destroy();
    volume?.destroy();
  }
}
