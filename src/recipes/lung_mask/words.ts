import { checkArgument, type Rule } from "../../core/options.js";
import type { LungFlag, LungQuality, NoLungReason } from "./judge.js";

const reasons: Readonly<Record<NoLungReason, string>> = {
  "no-body":
    "No lungs: nothing here is as dense as a patient. Check that the series is a CT of one, calibrated in HU.",
  "no-lung-sized-air":
    "No lungs: no air inside the body has their size. Check that the chest is in the picture; of an abdomen or a head there is no mask.",
  "not-lung-tissue":
    "No lungs: the air inside is as empty as bowel or sinus. Check that the chest is in the picture.",
  "empty-candidates": "No lungs: the candidates that were given are empty. Check the mask they come from.",
};

const flags: Readonly<Record<LungFlag, string>> = {
  "cut-below":
    "The scan ends within the lungs, below: volumes are less than the patient's. Do not compare them with whole lungs.",
  "cut-above":
    "The scan ends within the lungs, above: volumes are less than the patient's. Do not compare them with whole lungs.",
  "cut-by-field":
    "The field of view cuts the lungs: volumes are less than the patient's, and two voxels are lost along the cut. Use a reconstruction of the whole chest if there is one.",
  "one-lung":
    "Only one lung was found: the other was removed, has collapsed, is full of fluid, or could not be parted from this one. Look at the picture.",
  asymmetric: "The sides are unusually unequal: look for collapse, fluid, or a part given to the wrong side.",
  discontinuous:
    "The area of a lung jumps from a slice to the next: look there for a slice out of place, or a part lost or added.",
  dense:
    "Much of a lung is as dense as tissue: probable consolidation, more of which may lie outside the mask. Check its outline at the pleura.",
  "uneven-bases":
    "One lung ends well above the other: look for fluid, collapse or a raised diaphragm at its base.",
  "uneven-backs":
    "One lung reaches less far back than the other: look for fluid or consolidation behind it, which is not in the mask.",
  "no-airways":
    "No trachea or bronchus was found: if there are any in the picture, they are counted as lung.",
  "airways-leak":
    "The growth of the airways could not be held: part of the lung may be counted as airways, or the airways as lung. Check them before using the airways' or the lungs' volume.",
  padding:
    "Outside the field of view the volume holds one value that is not air's, such as 0 HU; it was taken for outside. Fill with -1024 HU when resampling or exporting.",
  "too-large":
    "More than a person's lungs hold: air of the room was taken for lung. Look at the mask, and do not use its volumes.",
};

const qualityRule: Rule = (value) => {
  const { verdict, flags: raised, reason } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isKnown =
    verdict === "not-judged" ||
    (verdict === "lungs" && Array.isArray(raised)) ||
    (verdict === "no-lungs" && Object.hasOwn(reasons, String(reason)));
  return isKnown ? undefined : "the quality of a lung mask";
};

/**
 * What a lung mask says of itself, in sentences: why there is none, or what each flag means and what to do
 * about it, in the order of the flags.
 * @throws HounsfieldError `invalid-option`
 */
export function describeLungs(quality: LungQuality): readonly string[] {
  checkArgument("describeLungs", "quality", quality, qualityRule);
  if (quality.verdict === "no-lungs") return [reasons[quality.reason]];
  return quality.verdict === "lungs" ? quality.flags.map((flag) => flags[flag]) : [];
}
