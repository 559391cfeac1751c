const canvas = document.querySelector("canvas");
const input = document.querySelector("input");
const status = document.querySelector("output");

// Everything happens in the worker: the page's thread hands over the canvas and what is chosen.
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const offscreen = canvas.transferControlToOffscreen();
worker.postMessage({ canvas: offscreen, files: [], ...sizePx() }, [offscreen]);

input.onchange = () => {
  canvas.ariaBusy = "true";
  worker.postMessage({ files: [...input.files] });
};
new ResizeObserver(() => worker.postMessage(sizePx())).observe(canvas);
worker.onmessage = ({ data }) => {
  if (data.status) status.value = data.status;
  if (data.settled) canvas.ariaBusy = "false";
};

function sizePx() {
  const { clientWidth, clientHeight } = canvas;
  return { widthPx: clientWidth * devicePixelRatio, heightPx: clientHeight * devicePixelRatio };
}
