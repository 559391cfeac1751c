import type { Diagnostic } from "../../core/diagnostic.js";
import type { LungDensity } from "../../recipes/lung_mask/density.js";
import type { LungQuality } from "../../recipes/lung_mask/judge.js";
import { describeLungs } from "../../recipes/lung_mask/words.js";
import { table } from "./table.js";

/** A mask without lungs is written as it is, all zeros, so it is said as a warning. */
export function lungDiagnostics(quality: LungQuality | undefined): Diagnostic[] {
  if (quality?.verdict !== "no-lungs") return [];
  const [why] = describeLungs(quality);
  return [{ severity: "warning", code: "no-lungs", message: `${why} lungs.npy is all zeros` }];
}

/**
 * Volumes and densities of the lungs, and each flag as a sentence; nothing for a mask that is empty, of which
 * a diagnostic tells.
 */
export function lungSummary(quality: LungQuality): string {
  if (quality.verdict === "no-lungs") return "";
  if (quality.verdict === "not-judged") return table(["lungs", "ml"], [["both", ml(quality.totalMl)]]);
  const { right, left, airwaysMl } = quality;
  const head = ["lungs", "ml", "mean HU", "LAA-950 %", "-700 to -500 %", "above -500 %"];
  const none = ["", "", "", ""];
  const rows = [
    ["right", ml(right.ml), ...numbers(right.density)],
    ["left", ml(left.ml), ...numbers(left.density)],
    ["both", ml(quality.totalMl), ...numbers(quality.density)],
    ["airways", ml(airwaysMl), ...none],
  ];
  const notes = describeLungs(quality).map((text) => `note: ${text}\n`);
  return `${table(head, rows, [1, 2, 3, 4, 5])}${notes.join("")}`;
}

function ml(value: number): string {
  return value.toFixed(0);
}

function numbers({ meanHu, laa950Percent, from700To500Percent, above500Percent }: LungDensity): string[] {
  const percents = [laa950Percent, from700To500Percent, above500Percent];
  return Number.isNaN(meanHu)
    ? ["", "", "", ""]
    : [meanHu.toFixed(0), ...percents.map((one) => one.toFixed(1))];
}
