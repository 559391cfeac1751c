import type { ViewState } from "../state/view_state.js";
import type { LabelTexture } from "../texture/label_texture.js";
import type { PresentTarget } from "./window_pass.js";

/** What is there to be drawn, beside the state. */
export interface Content {
  /** Rises when the volume's own values change. */
  readonly version: number;
  /** Masks for the state's overlays, once they are on the device. */
  readonly labels?: LabelTexture;
}

/** What the device is given at a time: all of a frame in one submit. */
export interface Frame {
  readonly encoder: GPUCommandEncoder;
  /** Resolves when the device has done it. */
  readonly done: Promise<void>;
}

/** Makes pictures of one kind, rough at first where the device is slow, and then better. */
export interface FrameRenderer {
  /**
   * To be waited for before `begin` with such a state; undefined, as where there is no such method, when all
   * is there.
   */
  prepare?(state: ViewState, content: Content): Promise<unknown> | undefined;
  /**
   * What is to be drawn from now on. Gives false where all that was drawn still serves, and only `present` is
   * needed: a change of window, for instance. Where it `rests`, a rough picture of the same state serves
   * until the full one is drawn over it.
   */
  begin(state: ViewState, widthPx: number, heightPx: number, content: Content, rests: boolean): boolean;
  /** Nothing is left to be made better. */
  readonly finished: boolean;
  /** Encodes the next piece of work. */
  advance(frame: Frame): void;
  /** Encodes the showing of what there is, after the first `advance`. */
  present(state: ViewState, target: PresentTarget, frame: Frame): void;
  /** Idempotent. */
  destroy(): void;
}
