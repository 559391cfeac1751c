import { HounsfieldError } from "../../core/errors.js";
import { changed, type PartOf } from "../../core/part_of.js";

/**
 * A mask laid over a picture: plain data; the mask itself is given to the view beside its state, under this
 * name.
 */
export interface Overlay {
  readonly mask: string;
  /** Red, green and blue, 0..1. */
  readonly color: readonly [number, number, number];
  /** Of the inside, 0..1. */
  readonly opacity: number;
  /** Opacity of a line along the edge, 0..1. */
  readonly outline: number;
}

/** An overlay with what is not said left as it usually is: a tint that hides nothing, and a clear edge. */
export type OverlayChange = Pick<Overlay, "mask"> & PartOf<Overlay>;

const usual: Omit<Overlay, "mask"> = { color: [0.1, 0.75, 0.6], opacity: 0.25, outline: 0.9 };

/** @throws HounsfieldError `invalid-option` */
export function resolveOverlays(changes: readonly OverlayChange[]): Overlay[] {
  return changes.map((change) => {
    const overlay: Overlay = changed({ ...usual, mask: change.mask }, change);
    const { color, opacity, outline } = overlay;
    const isPart = (value: number) => value >= 0 && value <= 1;
    const good = color.length === 3 && [...color, opacity, outline].every(isPart);
    if (good && typeof overlay.mask === "string") return overlay;
    throw new HounsfieldError(
      "invalid-option",
      `overlay: got ${JSON.stringify(change)}, accepted a mask's name, and color, opacity and outline of 0..1`,
      { got: change, accepted: "0..1" },
    );
  });
}
