// hounsfield as its documentation has it: createView at once, then set and settled.
import { chooseSeries, createView, listSeries, openEngine, openVolume, urlSources } from "hounsfield";
import { CANVAS_PX, mipWindow, modes, shading } from "../scene.js";
import { drawFine } from "./fine.js";
import { samplesOf } from "./samples.js";

/** @typedef {import("../scene.js").Mode} Mode */

const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("canvas"));
canvas.style.cssText = `width: ${CANVAS_PX}px; height: ${CANVAS_PX}px; display: block`;
const mipLook = {
  centerHu: (mipWindow.lowHu + mipWindow.highHu) / 2,
  widthHu: mipWindow.highHu - mipWindow.lowHu,
};
/** @type {import("hounsfield").View} */
let view;
/** @type {import("hounsfield").CtVolume} */
let volume;
/** @type {import("hounsfield").CtEngine} */
let engine;

window.contestant = {
  async load(urls) {
    const started = performance.now();
    engine = await openEngine({ device: "gpu", software: "fallback" });
    const series = chooseSeries((await listSeries(await urlSources(urls, { firstBytes: 2 ** 20 }))).series);
    const opened = await openVolume(engine, series);
    volume = opened.volume;
    view = createView(canvas, volume, { projection: "mip", window: mipLook });
    await view.ready;
    const firstMs = performance.now() - started;
    await opened.done;
    const loadedMs = performance.now() - started;
    await view.settled();
    return { firstMs, loadedMs, fullMs: performance.now() - started };
  },
  async frame(mode, azimuthDeg) {
    const started = performance.now();
    /** @type {number | undefined} */
    let roughMs;
    const stop = view.on("drawn", () => {
      roughMs ??= performance.now() - started;
    });
    view.set(changeTo(mode, azimuthDeg));
    await view.settled();
    stop();
    return { ms: performance.now() - started, roughMs };
  },
  async fine(mode, azimuthDeg, factor) {
    const [width, height] = [CANVAS_PX, CANVAS_PX];
    const fine = Object.assign(document.createElement("canvas"), { width, height });
    fine.style.cssText = "position: absolute; left: 0; top: 0";
    document.body.append(fine);
    await drawFine(fine, volume, { window: mipLook, ...changeTo(mode, azimuthDeg) }, factor);
  },
  samples: (mode, azimuthDeg) =>
    samplesOf(volume, { window: mipLook, ...changeTo(mode, azimuthDeg) }, CANVAS_PX, CANVAS_PX),
  about() {
    const { adapter } = engine;
    return { adapter: `WebGPU, ${adapter.vendor} ${adapter.architecture} ${adapter.name}` };
  },
};

/** @param {Mode} mode @param {number} azimuthDeg @returns {import("hounsfield").ViewChange} */
function changeTo(mode, azimuthDeg) {
  const { transfer, lit } = modes[mode];
  return {
    projection: mode === "mip" ? "mip" : "dvr",
    camera: { azimuthDeg },
    ...(transfer ? { transfer: { points: transfer }, shading: { on: lit, ...shading } } : {}),
  };
}
