import { encodeGrayPng } from "../../formats/png.js";
import type { Projection } from "../../ops/project/project.js";

/** Soft tissue grey, bone white, and enough of the lungs' vessels below: a maximum projection of a chest holds nothing under about -200 HU. */
const mipWindow = { center: 400, width: 1400 };

/** A projection as a picture in physical proportions, head up. */
export function projectionPng({ plane, width, height, spacingMm, hu }: Projection): Promise<Uint8Array> {
  return encodeGrayPng(hu, mipWindow, { width, height, spacingMm, flipRows: plane !== "axial" });
}
