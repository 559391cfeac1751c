import { forwardPointerEvents } from "hounsfield";

const canvas = document.querySelector("canvas");
const input = document.querySelector("input");
const status = document.querySelector("output");

// Everything happens in the worker: the page's thread hands over the canvas, what is chosen and what is done
// with mouse, fingers and keys.
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const offscreen = canvas.transferControlToOffscreen();
worker.postMessage({ canvas: offscreen }, [offscreen]);
forwardPointerEvents(canvas, worker); // and the size of the canvas

input.onchange = () => {
  canvas.ariaBusy = "true";
  worker.postMessage({ files: [...input.files] });
};
worker.addEventListener("message", ({ data }) => {
  if (data.status) status.value = data.status;
  if (data.settled) canvas.ariaBusy = "false";
});
