import type { dispose } from "../../core/dispose.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import type { MprSlice } from "../mpr/mpr_slice.js";
import type { EdgeLetters } from "../state/orientation.js";
import type { ViewChange, ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";
import type { Masks } from "../texture/label_texture.js";
import type { Probe } from "./probe.js";
import type { ViewEvents } from "./view_events.js";

/** Options of createView: the state to begin with, and masks. */
export interface ViewOptions extends ViewChange {
  /**
   * What the state's overlays name: masks on the volume's grid and engine, eight at most; others are left
   * out, and the "notice" event says why.
   */
  readonly masks?: Masks;
}

/** A volume on a canvas. Draws when something changed, and never otherwise. */
export interface View {
  readonly volume: CtVolume;
  /** Plain data: store it, send it, give it to another view's `set`. */
  readonly state: ViewState;
  /**
   * How the picture is coarser than the volume, where that is too large for the device; known before the
   * first picture. See the "notice" event.
   */
  readonly downsampling: Downsampling | undefined;
  /**
   * Resolves when the first picture is on the canvas, which takes a canvas that has a size and a page that is
   * shown; rejects when none can be made, and with an `AbortError` when the view is destroyed before.
   */
  readonly ready: Promise<void>;
  /**
   * The view is at its end and draws no more: it was destroyed, a later view has its canvas, or it told of an
   * "error". Its state can still be read; `set`, `setMasks`, `probe` and `settled` throw why it ended.
   */
  readonly ended: boolean;
  /**
   * Changes a part of the state and draws, where it changes anything.
   * @throws HounsfieldError `invalid-option` and then changes nothing; `destroyed`
   */
  set(change: ViewChange): void;
  /**
   * Gives the masks that the state's overlays name; the same object to views that share them.
   * @throws HounsfieldError `invalid-option`, `destroyed`; masks that cannot be shown are told by the
   * "notice" event
   */
  setMasks(masks: Masks): void;
  /** Calls `listener` at each event of a type (see `ViewEvents`) until the call it gives is made. */
  on<T extends keyof ViewEvents>(type: T, listener: (event: ViewEvents[T]) => void): () => void;
  /** Of the picture, in device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /**
   * Device pixels; 0 for a canvas that is not shown. For an `OffscreenCanvas`, or a canvas element outside of
   * the document: one that is laid out follows its CSS size by itself. Nothing for a view at its end, for
   * layouts change when they like.
   * @throws HounsfieldError `invalid-option`
   */
  resize(widthPx: number, heightPx: number): void;
  /** What of the patient each edge of the picture shows now. */
  edgeLetters(): EdgeLetters;
  /** Millimeters that one device pixel of the canvas spans now. */
  mmPerPixel(): number;
  /** Where the picture of an MPR lies in the patient; undefined for other projections. */
  mprSlice(): MprSlice | undefined;
  /**
   * What is seen at a pixel (device pixels from the top left corner), read from the record, exact: of a cut
   * the voxel there, of a slab or a projection the one that is its maximum. Undefined beside the volume,
   * and where slices are still to come.
   * @throws HounsfieldError `invalid-option`, `destroyed`, `device-lost`
   */
  probe(xPx: number, yPx: number): Promise<Probe | undefined>;
  /**
   * Resolves when the volume is there, its picture in full quality, and nothing is left to draw: not while
   * the canvas has no size or the page is hidden and there is something to draw. Rejects when the view ends.
   */
  settled(): Promise<void>;
  /** Frees all but the volume, and the canvas unless a later view has it. Idempotent. */
  destroy(): void;
  [dispose](): void;
}
