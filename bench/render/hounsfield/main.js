// hounsfield as its documentation has it: createView at once, then set and settled.
import { createView, openEngine, openVolume, readSeries, urlSources } from "hounsfield";
import { canvasPx, mipWindow, modes, shading } from "../scene.js";

const canvas = document.querySelector("canvas");
canvas.style.cssText = `width: ${canvasPx}px; height: ${canvasPx}px; display: block`;
let view;
let engine;

window.contestant = {
  async load(urls) {
    const started = performance.now();
    engine = await openEngine({ device: "gpu", software: "fallback" });
    const [series] = await readSeries(await urlSources(urls, { firstBytes: 2 ** 20 }));
    const { volume, done } = await openVolume(engine, series);
    const window = {
      centerHu: (mipWindow.lowHu + mipWindow.highHu) / 2,
      widthHu: mipWindow.highHu - mipWindow.lowHu,
    };
    view = createView(canvas, volume, { projection: "mip", window });
    await view.ready;
    const firstMs = performance.now() - started;
    await done;
    const loadedMs = performance.now() - started;
    await view.settled();
    return { firstMs, loadedMs, fullMs: performance.now() - started };
  },
  async frame(mode, azimuthDeg) {
    const started = performance.now();
    let roughMs;
    const stop = view.on("drawn", () => (roughMs ??= performance.now() - started));
    const { transfer, lit } = modes[mode];
    view.set({
      projection: mode === "mip" ? "mip" : "dvr",
      camera: { azimuthDeg },
      ...(transfer ? { transfer: { points: transfer }, shading: { on: lit, ...shading } } : {}),
    });
    await view.settled();
    stop();
    return { ms: performance.now() - started, roughMs };
  },
  about() {
    const { adapter } = engine;
    return { adapter: `WebGPU, ${adapter.vendor} ${adapter.architecture} ${adapter.name}` };
  },
};
