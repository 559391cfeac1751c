import { afterWork } from "../../engine/gpu/after_work.js";
import type { Frame } from "../frame/frame_renderer.js";
import type { PresentTarget } from "../frame/window_pass.js";
import { claimCanvas } from "./canvas_claim.js";
import { type AnyCanvas, isCanvasElement, webGpuContext } from "./canvas_context.js";
import { followElementSize } from "./element_size.js";
import { framesOf } from "./frames.js";

/** A canvas as the target of WebGPU pictures, at the size in device pixels that the page gives it. */
export interface Surface {
  readonly format: GPUTextureFormat;
  /** The last size that there was; before the first, the canvas's own. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether the canvas has a size now: not while it is hidden, out of the document or of no width. */
  readonly hasSize: boolean;
  /** Calls `draw` at the next animation frame of the canvas's window; at most one is pending. */
  requestFrame(draw: () => void): void;
  cancelFrame(): void;
  /** This frame's texture; to be drawn to in the same task. */
  target(): PresentTarget;
  /** Submits what `encode` encodes; resolves when the device has done it. */
  frame(encode: (frame: Frame) => void): Promise<void>;
  /** Draws by another device from now on: the one before was lost. */
  use(device: GPUDevice): void;
  /** Device pixels, 0 for none yet. An element that is laid out follows its CSS size by itself. */
  resize(widthPx: number, heightPx: number): void;
  /** Idempotent. A canvas that another surface has taken stays as that has it. */
  destroy(): void;
}

export interface SurfaceHooks {
  /** There is a size to draw at: another one, or again one after there was none. */
  onSize(isAnother: boolean): void;
  /** Another surface was created on the canvas; this one is at its end. */
  onTaken(): void;
}

/**
 * Takes the canvas from the surface that had it.
 * @throws HounsfieldError `invalid-option` for a canvas that gives no WebGPU context
 */
export function createSurface(
  device: GPUDevice,
  canvas: AnyCanvas,
  { onSize, onTaken }: SurfaceHooks,
): Surface {
  const context = webGpuContext(canvas);
  const element = isCanvasElement(canvas) ? canvas : undefined;
  const claim = claimCanvas(canvas, onTaken);
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
  let hasSize = canvas.width > 0 && canvas.height > 0 && (!element || isSizedByProgram(element));
  const resize = (widthPx: number, heightPx: number) => {
    const had = hasSize;
    hasSize = Math.round(widthPx) > 0 && Math.round(heightPx) > 0;
    if (!hasSize) return;
    const [width, height] = [withinLimits(widthPx), withinLimits(heightPx)];
    const isAnother = width !== size.width || height !== size.height;
    Object.assign(size, { width, height });
    if (isAnother || !had) onSize(isAnother);
  };
  const frames = framesOf(element);
  let awaited: (() => void) | undefined;
  const requestFrame = (draw: () => void) => {
    follower?.check();
    awaited = draw;
    frames.request(() => {
      awaited = undefined;
      draw();
    });
  };
  const onMoved = () => awaited && requestFrame(awaited);
  let wasLaidOut = false;
  const onLayout = (widthPx: number, heightPx: number) => {
    const isLaidOut = widthPx > 0 && heightPx > 0;
    // Newer observers say at first that a canvas outside of the document has no layout, where the program's
    // size counts.
    if (!isLaidOut && !wasLaidOut && !element?.isConnected) return;
    wasLaidOut ||= isLaidOut;
    resize(widthPx, heightPx);
  };
  const follower = element && followElementSize(element, { onSize: onLayout, onMoved });

  return {
    format,
    get widthPx() {
      return size.width;
    },
    get heightPx() {
      return size.height;
    },
    get hasSize() {
      return hasSize;
    },
    requestFrame,
    cancelFrame() {
      awaited = undefined;
      frames.cancel();
    },
    target() {
      // Only here, just before drawing: a new size clears the canvas.
      if (canvas.width !== size.width || canvas.height !== size.height) setPixels(canvas, size);
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
      follower?.stop();
      frames.cancel();
      if (claim.release()) context.unconfigure();
    },
  };
}

/**
 * Outside of the document, a canvas whose width or height was set is meant to be drawn as it is; others will
 * get a size there.
 */
function isSizedByProgram(canvas: HTMLCanvasElement): boolean {
  return !canvas.isConnected && (canvas.hasAttribute("width") || canvas.hasAttribute("height"));
}

/**
 * A canvas without a CSS size is laid out by its pixels: where these are finer than CSS pixels, it would grow
 * with each picture.
 */
function setPixels(
  canvas: AnyCanvas,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const element = isCanvasElement(canvas) ? canvas : undefined;
  const [before, beforeHeight] = [element?.clientWidth, element?.clientHeight];
  canvas.width = width;
  canvas.height = height;
  if (!element || !before || !beforeHeight) return;
  if (element.clientWidth !== before) element.style.width = `${before}px`;
  if (element.clientHeight !== beforeHeight) element.style.height = `${beforeHeight}px`;
}
