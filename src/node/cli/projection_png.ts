import { storedOfValue } from "../../core/value_scale.js";
import type { VoiWindow } from "../../core/voi_window.js";
import { encodeGrayPng } from "../../formats/png.js";
import type { Projection } from "../../ops/project/project.js";

/**
 * Soft tissue gray, bone white, and enough of the lungs' vessels below: a maximum projection of a chest holds
 * nothing under about -200 HU.
 */
const mipWindowHu = { center: 400, width: 1400 };
/** Of a projection in other units, what is left beside its least and greatest pixels. */
const shownPart = [0.01, 0.99] as const;

/** A projection as a picture in physical proportions, head up. */
export function projectionPng(projection: Projection, own?: VoiWindow): Promise<Uint8Array> {
  const { plane, width, height, spacingMm, hu } = projection;
  return encodeGrayPng(hu, storedWindow(projection, own), {
    width,
    height,
    spacingMm,
    flipRows: plane !== "axial",
  });
}

/**
 * The window that a projection is shown through, in its stored values. Of HU never the files' own, which is
 * for slices: through a lung window all of a maximum is white. In other units theirs, where they have one.
 */
function storedWindow(
  { hu, values }: Projection,
  own?: VoiWindow,
): { readonly center: number; readonly width: number } {
  if (own || values.units === "HU") {
    const isHu = values.units === "HU" || !own;
    const { center, width } = isHu ? mipWindowHu : { center: own.centerHu, width: own.widthHu };
    return { center: storedOfValue(values, center), width: width / values.slope };
  }
  const sorted = Int16Array.from(hu).sort();
  const [low, high] = shownPart.map((part) => sorted[Math.round(part * (sorted.length - 1))]);
  return { center: (low + high) / 2, width: Math.max(1, high - low) };
}
