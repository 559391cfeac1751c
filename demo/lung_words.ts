import type { LungFlag, LungQuality, NoLungReason } from "hounsfield";

/** What the lung mask says of itself, as a person should read it. `values` are volumes, where there are lungs. */
export function describeLungs(quality: LungQuality): {
  readonly values?: Readonly<Record<"right" | "left" | "airways", string>>;
  readonly note: string;
} {
  if (quality.verdict === "no-lungs") return { note: reasons[quality.reason] };
  if (quality.verdict !== "lungs") return { note: "" };
  const { right, left, airwaysMl, flags } = quality;
  const [ofRight, ofLeft, ofAirways] = [right.ml, left.ml, airwaysMl].map((ml) => `${Math.round(ml)} ml`);
  return {
    values: { right: ofRight, left: ofLeft, airways: ofAirways },
    note: flags.map((flag) => flagTexts[flag]).join(" "),
  };
}

const reasons: Readonly<Record<NoLungReason, string>> = {
  "no-body": "No lungs: nothing here is as dense as a patient.",
  "no-lung-sized-air": "No lungs: no air inside the body has their size.",
  "not-lung-tissue": "No lungs: the air inside is as empty as bowel or sinus.",
};

const flagTexts: Readonly<Record<LungFlag, string>> = {
  "cut-below": "The scan ends within the lungs, below.",
  "cut-above": "The scan ends within the lungs, above.",
  "cut-by-field": "The field of view cuts the lungs.",
  "one-lung": "Only one lung was found.",
  asymmetric: "The sides are unusually unequal.",
  discontinuous: "The area jumps between slices.",
  dense: "Much of a lung is dense: probable consolidation.",
  "uneven-bases": "One lung ends well above the other.",
  "uneven-backs": "One lung reaches less far back than the other: probable fluid.",
  "no-airways": "No airways were found.",
};
