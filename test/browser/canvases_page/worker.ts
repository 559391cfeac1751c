import {
  attachMprControls,
  attachOrbitControls,
  attachProbe,
  createView,
  type Probe,
  receivePointerEvents,
  type ViewState,
} from "hounsfield";
import { openPhantom } from "./phantom_volume.js";

/** "state" waits for the picture first. */
export type WorkerQuestion = "state" | "now" | "hide" | "close";

export interface WorkerAnswer {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly state: ViewState;
  readonly pointed?: Probe;
  /** Of a bare OffscreenCanvas as an element. */
  readonly refusal: string;
  readonly settled: boolean;
  /** What the engine still holds. */
  readonly left: Readonly<Record<string, number>>;
}

/** A view in a worker, steered from the page. */
addEventListener(
  "message",
  async ({ data }: MessageEvent<{ canvas: OffscreenCanvas; port: MessagePort } | string>) => {
    if (typeof data === "string") return;
    const { canvas, port } = data;
    const { engine, volume } = await openPhantom();
    const view = createView(canvas, volume, { window: "bone" });
    const element = receivePointerEvents(port);
    element.onSize(view.resize);
    attachOrbitControls(view, element);
    let pointed: Probe | undefined;
    attachProbe(view, element, (probe) => (pointed = probe));
    let refusal = "";
    try {
      const bare: unknown = canvas;
      attachMprControls(view, bare as typeof element);
    } catch (error) {
      refusal = String(error);
    }
    let settled = false;
    view.on("settled", () => (settled = true));
    view.on("change", () => (settled = false));
    addEventListener("message", async ({ data: asked }: MessageEvent<WorkerQuestion>) => {
      if (asked === "state") await view.settled();
      if (asked === "close") {
        view.destroy();
        element.destroy();
        volume.destroy();
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      const { widthPx, heightPx, state } = view;
      const left = asked === "close" ? engine.memory.snapshot() : {};
      const answer: WorkerAnswer = { widthPx, heightPx, state, pointed, refusal, settled, left };
      postMessage(answer);
    });
    postMessage("open");
  },
);
