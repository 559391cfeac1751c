import { HounsfieldError } from "../../core/errors.js";
import { afterWork } from "../../engine/gpu/after_work.js";
import type { Frame } from "../frame/drawer.js";
import type { PresentTarget } from "../frame/window_pass.js";

/** A canvas as the target of WebGPU pictures, at the size in device pixels that the page gives it. */
export interface Surface {
  readonly format: GPUTextureFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  /** This frame's texture; to be drawn to in the same task. */
  target(): PresentTarget;
  /** Submits what `encode` encodes; resolves when the device has done it. */
  frame(encode: (frame: Frame) => void): Promise<void>;
  /** Draws by another device from now on: the one before was lost. */
  use(device: GPUDevice): void;
  /** Device pixels. An element in a page follows its CSS size by itself. */
  resize(widthPx: number, heightPx: number): void;
  destroy(): void;
}

/** Throws `invalid-option` when the canvas already has a context of another kind. */
export function createSurface(
  device: GPUDevice,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  onResize: () => void,
): Surface {
  const context = canvas.getContext("webgpu") as GPUCanvasContext | null;
  if (!context) {
    throw new HounsfieldError(
      "invalid-option",
      "the canvas gives no WebGPU context: it is in use for 2D or WebGL",
    );
  }
  const format = navigator.gpu.getPreferredCanvasFormat();
  let drawing = device;
  let most = 0;
  const use = (next: GPUDevice) => {
    drawing = next;
    context.configure({ device: next, format, alphaMode: "opaque" });
    most = next.limits.maxTextureDimension2D;
  };
  use(device);
  const withinLimits = (count: number) => Math.min(most, Math.max(1, Math.round(count)));
  const size = { width: withinLimits(canvas.width), height: withinLimits(canvas.height) };
  const resize = (widthPx: number, heightPx: number) => {
    const [width, height] = [withinLimits(widthPx), withinLimits(heightPx)];
    if (width === size.width && height === size.height) return;
    Object.assign(size, { width, height });
    onResize();
  };
  const stopFollowing = isElement(canvas) ? followCssSize(canvas, resize) : () => {};

  return {
    format,
    get widthPx() {
      return size.width;
    },
    get heightPx() {
      return size.height;
    },
    target() {
      // Only here, just before drawing: a new size clears the canvas.
      if (canvas.width !== size.width) canvas.width = size.width;
      if (canvas.height !== size.height) canvas.height = size.height;
      return { texture: context.getCurrentTexture(), widthPx: size.width, heightPx: size.height };
    },
    async frame(encode) {
      const encoder = drawing.createCommandEncoder();
      let finish = () => {};
      let fail = (_: unknown) => {};
      const done = new Promise<void>((yes, no) => {
        finish = yes;
        fail = no;
      });
      done.catch(() => {});
      encode({ encoder, done });
      drawing.queue.submit([encoder.finish()]);
      afterWork(drawing.queue, drawing.queue.onSubmittedWorkDone()).then(finish, fail);
      await done;
    },
    use,
    resize,
    destroy() {
      stopFollowing();
      context.unconfigure();
    },
  };
}

function isElement(canvas: HTMLCanvasElement | OffscreenCanvas): canvas is HTMLCanvasElement {
  return typeof HTMLCanvasElement !== "undefined" && canvas instanceof HTMLCanvasElement;
}

function followCssSize(
  canvas: HTMLCanvasElement,
  resize: (width: number, height: number) => void,
): () => void {
  const observer = new ResizeObserver(([entry]) => {
    const exact = entry.devicePixelContentBoxSize?.[0];
    if (exact) resize(exact.inlineSize, exact.blockSize);
    else resize(entry.contentRect.width * devicePixelRatio, entry.contentRect.height * devicePixelRatio);
  });
  try {
    observer.observe(canvas, { box: "device-pixel-content-box" });
  } catch {
    // Safari knows no device pixels here.
    observer.observe(canvas);
  }
  return () => observer.disconnect();
}
