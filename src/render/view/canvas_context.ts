import { HounsfieldError } from "../../core/errors.js";
import { invalidOption } from "../../core/options.js";

export type AnyCanvas = HTMLCanvasElement | OffscreenCanvas;

/** A canvas element, of whichever document: `instanceof` is false for those of other windows. */
export function isCanvasElement(canvas: AnyCanvas): canvas is HTMLCanvasElement {
  return "ownerDocument" in canvas;
}

/**
 * @throws HounsfieldError `invalid-option` for what is no canvas, and for a canvas that something else draws
 * on
 */
export function webGpuContext(canvas: AnyCanvas): GPUCanvasContext {
  // JavaScript gives anything.
  const given: unknown = canvas;
  const isCanvas =
    typeof given === "object" &&
    given !== null &&
    "getContext" in given &&
    typeof given.getContext === "function" &&
    [canvas.width, canvas.height].every((length) => typeof length === "number");
  if (!isCanvas) throw invalidOption("createView", "canvas", given, "a canvas element or an OffscreenCanvas");
  let context: GPUCanvasContext | null;
  try {
    context = canvas.getContext("webgpu") as GPUCanvasContext | null;
  } catch (cause) {
    throw inUse(
      "it was transferred (transferControlToOffscreen, postMessage), so that its OffscreenCanvas draws",
      cause,
    );
  }
  if (!context) throw inUse("another context draws on it (2D, WebGL or bitmaps)");
  return context;
}

function inUse(why: string, cause?: unknown): HounsfieldError {
  const accepted = "a canvas that nothing else draws on";
  const message = `createView: the canvas gives no WebGPU context: ${why}; accepted: ${accepted}`;
  return new HounsfieldError("invalid-option", message, { option: "canvas", accepted }, cause);
}
