import type { ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";

/** What a view tells of, by name, with what its listeners are given. */
export interface ViewEvents {
  /** `set` changed these parts of the state: by the program, by controls, or by a link to another view. */
  readonly change: { readonly state: ViewState; readonly changed: readonly (keyof ViewState)[] };
  /** The canvas has another size, in device pixels. */
  readonly resize: { readonly widthPx: number; readonly heightPx: number };
  /** A picture is on the canvas; `finished` when it is in full quality. */
  readonly drawn: { readonly finished: boolean };
  /** The volume is there, its picture in full quality, and nothing is left to draw. */
  readonly settled: Readonly<Record<never, never>>;
  /**
   * The GPU device is lost, another one is being opened; the canvas keeps or loses its picture as the browser
   * likes.
   */
  readonly lost: { readonly error: unknown };
  /** There is another device, and the volume is coming back. */
  readonly recovered: Readonly<Record<never, never>>;
  readonly notice: ViewNotice;
  /**
   * The view is at its end: `device-lost`, `out-of-memory`, `limit-exceeded`, or what made loading the volume
   * fail; `destroyed` when its volume or engine was destroyed, and the view not within the same task. Where
   * nobody listens the global `reportError` hears it, but of `destroyed`.
   */
  readonly error: { readonly error: unknown };
}

/**
 * The picture is not all that was asked for. "no-overlays": masks that do not fit, have no memory, or went
 * with a lost device. "downsampled": the volume is too large for the device and is drawn coarser than it is;
 * told once, and again when that changes; `View.downsampling` keeps it. "superseded": a later view was
 * created on the canvas, and this one has ended; not told where it is destroyed within the same task.
 */
export type ViewNotice =
  | { readonly code: "no-overlays"; readonly error: unknown }
  | { readonly code: "superseded" }
  | { readonly code: "downsampled"; readonly downsampling: Downsampling };
