import type { AnyCanvas } from "./canvas_context.js";

/** The hold of a view on a canvas, of which there is one WebGPU context. */
export interface CanvasClaim {
  /** Gives whether the canvas was still this one's. Idempotent. */
  release(): boolean;
}

interface Holder {
  onTaken(): void;
}

/** On the canvas itself, where another copy of this library finds it too. */
const holderKey = Symbol.for("hounsfield.canvas-holder");

/** Takes a canvas; whoever held it is told by its `onTaken`. */
export function claimCanvas(canvas: AnyCanvas, onTaken: () => void): CanvasClaim {
  const claimed: AnyCanvas & { [holderKey]?: Holder } = canvas;
  const holder: Holder = { onTaken };
  const before = claimed[holderKey];
  claimed[holderKey] = holder;
  before?.onTaken();
  return {
    release() {
      if (claimed[holderKey] !== holder) return false;
      delete claimed[holderKey];
      return true;
    },
  };
}
