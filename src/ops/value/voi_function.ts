import { HounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { number, oneOf, required } from "../../core/rules.js";
import type { VoiFunctionName } from "../../core/voi_window.js";
import type { HuFunction } from "./value_table.js";

/** Options of voiFunction. */
export interface VoiOptions {
  /** LINEAR by default, as in DICOM. */
  readonly voiFunction?: VoiFunctionName;
  /** Window Center (0028,1050). */
  readonly centerHu: number;
  /** Window Width (0028,1051): at least 1 for LINEAR, above 0 for the others. */
  readonly widthHu: number;
}

/**
 * HU to 0..1 by a VOI LUT function of PS3.3 C.11.2.1.2 and C.11.2.1.3, exactly as its pseudo code states
 * them, in f64 (ymin 0, ymax 1). LINEAR is for the output's gray levels: its window begins half a HU below
 * the center and is one HU narrower than LINEAR_EXACT's. `Math.exp` may differ in its last bit between
 * JavaScript engines, and SIGMOID with it; the others are the same everywhere.
 * @throws HounsfieldError `invalid-option`
 */
export function voiFunction(options: VoiOptions): HuFunction {
  const {
    voiFunction: name = "LINEAR",
    centerHu,
    widthHu,
  } = checkOptions("voiFunction", options, {
    voiFunction: oneOf("LINEAR", "LINEAR_EXACT", "SIGMOID"),
    centerHu: required(number),
    widthHu: required(number),
  });
  const valid = name === "LINEAR" ? widthHu >= 1 : widthHu > 0;
  if (!(valid && Number.isFinite(widthHu) && Number.isFinite(centerHu))) {
    const accepted = name === "LINEAR" ? "at least 1" : "above 0";
    throw new HounsfieldError(
      "invalid-option",
      `a ${name} window needs a center and a width ${accepted}; got center ${centerHu}, width ${widthHu}`,
      { got: { centerHu, widthHu }, accepted },
    );
  }
  return functions[name](centerHu, widthHu);
}

const functions: Readonly<Record<VoiFunctionName, (center: number, width: number) => HuFunction>> = {
  LINEAR: (center, width) => (hu) => {
    if (hu <= center - 0.5 - (width - 1) / 2) return 0;
    if (hu > center - 0.5 + (width - 1) / 2) return 1;
    return (hu - (center - 0.5)) / (width - 1) + 0.5;
  },
  LINEAR_EXACT: (center, width) => (hu) => {
    if (hu <= center - width / 2) return 0;
    if (hu > center + width / 2) return 1;
    return (hu - center) / width + 0.5;
  },
  SIGMOID: (center, width) => (hu) => 1 / (1 + Math.exp((-4 * (hu - center)) / width)),
};
