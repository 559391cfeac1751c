// What the tests of canvases need of a page: the library, and a volume to show, on the window.
import * as hounsfield from "hounsfield";
import { openPhantom } from "./phantom_volume.js";
import type { WorkerAnswer, WorkerQuestion } from "./worker.js";

declare global {
  interface Window {
    hounsfield: typeof hounsfield;
    /** Opens the phantom on an engine of its own. */
    openPhantom: typeof openPhantom;
    /** A canvas in the page of this CSS size; outside of it where there is none. */
    canvasOf(css?: string, page?: Document): HTMLCanvasElement;
    /** Different gray levels of what a view draws next on its canvas: 1 for an empty one. */
    levelsOn(canvas: HTMLCanvasElement, view: hounsfield.View): Promise<number>;
    /** What a call throws or rejects with: a HounsfieldError's code, another error as text. */
    codeOf(call: () => unknown): Promise<string>;
    /** Animation frames of a window until the call it gives is made are kept back, as in a hidden tab. */
    hideTab(page?: Window & typeof globalThis): () => void;
    wait(ms: number): Promise<void>;
    until(isSo: () => boolean): Promise<void>;
    /** A worker with a view on the canvas, steered from it; resolves when it is there. */
    openWorker(canvas: HTMLCanvasElement): Promise<void>;
    askWorker(what: WorkerQuestion): Promise<WorkerAnswer>;
    /** Ends the forwarding. */
    stopForwarding(): void;
    isPageReady?: boolean;
  }
}

window.hounsfield = hounsfield;
window.openPhantom = openPhantom;

window.canvasOf = (css, page = document) => {
  const canvas = page.createElement("canvas");
  if (css === undefined) return canvas;
  canvas.style.cssText = css;
  page.body.append(canvas);
  return canvas;
};

window.levelsOn = async (canvas, view) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  if (!copy) throw new Error("no 2D context");
  await view.settled();
  // In the task that draws: later the picture is the compositor's.
  const copied = new Promise<void>((resolve) => {
    const end = view.on("drawn", () => {
      end();
      copy.drawImage(canvas, 0, 0);
      resolve();
    });
  });
  const { centerHu, widthHu } = view.state.window;
  view.set({ window: { centerHu: centerHu + 1, widthHu } });
  await copied;
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return new Set(data.filter((_, i) => i % 4 === 0)).size;
};

window.codeOf = async (call) => {
  try {
    await call();
    return "nothing";
  } catch (error) {
    return hounsfield.isHounsfieldError(error) ? error.code : String(error);
  }
};

window.hideTab = (page = window) => {
  const { requestAnimationFrame: request } = page;
  const kept: FrameRequestCallback[] = [];
  page.requestAnimationFrame = (draw) => kept.push(draw);
  return () => {
    page.requestAnimationFrame = request;
    for (const draw of kept) request.call(page, draw);
  };
};

window.wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
window.until = async (isSo) => {
  while (!isSo()) await window.wait(20);
};

window.openWorker = async (canvas) => {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onerror = ({ message }) => reportError(new Error(message));
  const offscreen = canvas.transferControlToOffscreen();
  const { port1, port2 } = new MessageChannel();
  window.stopForwarding = hounsfield.forwardPointerEvents(canvas, port1);
  const answer = () =>
    new Promise<WorkerAnswer>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
    });
  window.askWorker = (what) => {
    const answered = answer();
    worker.postMessage(what);
    return answered;
  };
  const opened = answer();
  worker.postMessage({ canvas: offscreen, port: port2 }, [offscreen, port2]);
  await opened;
};

window.isPageReady = true;
