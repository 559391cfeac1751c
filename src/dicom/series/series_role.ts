import type { SliceHeader } from "../image/slice_header.js";
import { objectName } from "../image/sop_class.js";

/** What images are for, by what they say of themselves. Only stacks are meant to be volumes. */
export type SeriesRole = "stack" | "localizer" | "dose-page" | "secondary-capture" | "derived-object";

export interface ImageClass {
  readonly role: SeriesRole;
  /** Why images are set aside; absent for stacks. */
  readonly reason?: string;
}

/** LOCALIZER, and what manufacturers called it before. */
const LOCALIZERS = new Set(["LOCALIZER", "SCOUT", "TOPOGRAM", "SCANOGRAM", "SURVIEW"]);
/** Secondary Capture and its multi-frame kin (PS3.4 B.5). */
const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
/** Pages that scanners write as CT images: Siemens' patient protocol, dose tables, screens. */
const PAGE = /^(SCREEN ?(SAVE|SHOT|CAPTURE)|(CT_\w+ )?PROT(OCOL)?|REPORT)$/;
const DOSE = /\bDOSE\b|_DOSE\b|\bDOSE_/;

type Described = Pick<
  SliceHeader,
  "sopClassUid" | "seriesDescription" | "imageType" | "imageOrientationPatient" | "imagePositionPatient"
>;

/**
 * The role of one image. LOCALIZER is value 3 of a CT's Image Type (PS3.3 C.8.2.1.1.1; C.8.16.1.1 for
 * frames); some writers put it elsewhere. Dose pages and screens are no image of the patient, whatever their
 * modality says.
 */
export function classifyImage(header: Described): ImageClass {
  const { sopClassUid, seriesDescription = "" } = header;
  const imageType = header.imageType.map((value) => value.toUpperCase());
  const object = objectName(sopClassUid);
  if (object) return { role: "derived-object", reason: `it is a ${object}, computed from images` };
  const localizer = imageType.find((value) => LOCALIZERS.has(value));
  if (localizer) return { role: "localizer", reason: `its Image Type is ${localizer}` };
  const isCapture = sopClassUid === SECONDARY_CAPTURE || sopClassUid?.startsWith(`${SECONDARY_CAPTURE}.`);
  const dose = imageType.find((value) => DOSE.test(value));
  if (dose) return { role: "dose-page", reason: `its Image Type has ${dose}` };
  const hasPlane = header.imageOrientationPatient !== undefined && header.imagePositionPatient !== undefined;
  if ((isCapture || !hasPlane) && DOSE.test(seriesDescription.toUpperCase())) {
    return { role: "dose-page", reason: "it lies in no plane and its series is described as dose" };
  }
  if (isCapture) return { role: "secondary-capture", reason: "its SOP Class is Secondary Capture" };
  const page = imageType.find((value) => PAGE.test(value));
  if (page) return { role: "secondary-capture", reason: `its Image Type has ${page}` };
  return { role: "stack" };
}
