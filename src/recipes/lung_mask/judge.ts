import { type Grid, voxelVolumeMm3 } from "../../core/grid.js";
import { backDifferenceMm, type LungBack } from "./back_difference.js";
import { type DensityCounts, densityOf, type LungDensity } from "./density.js";

/**
 * What a reader should know of a mask:
 * - `cut-below`, `cut-above`: there is lung in the lowest or highest slice, so the scan ends within it, and
 *   volumes are less than the patient's;
 * - `cut-by-field`: lung reaches the border of the field of view;
 * - `one-lung`: no second lung was found: a pneumonectomy, a collapse, an effusion that fills one side, or
 *   two that could not be parted;
 * - `asymmetric`: right over left is outside 0.7 to 1.8 (healthy adults: 1.0 to 1.4);
 * - `discontinuous`: the area of a lung changes too much from one slice to the next;
 * - `dense`: much of a lung's mask is as dense as tissue: probable consolidation, more of which may lie
 *   outside the mask;
 * - `uneven-bases`: one lung ends well above the other: probable effusion, collapse or raised diaphragm;
 * - `uneven-backs`: somewhere one lung's back lies well in front of the other's: probable effusion or
 *   consolidation behind it;
 * - `no-airways`: no trachea or bronchus was found, so that none was taken out;
 * - `airways-leak`: the growth of the airways could not be held: part of the lung may be counted as airways,
 *   or the airways as lung;
 * - `padding`: outside the field of view the volume holds a value that is not air's; it was taken for
 *   outside;
 * - `too-large`: more than a person's lungs hold.
 */
export type LungFlag =
  | "cut-below"
  | "cut-above"
  | "cut-by-field"
  | "one-lung"
  | "asymmetric"
  | "discontinuous"
  | "dense"
  | "uneven-bases"
  | "uneven-backs"
  | "no-airways"
  | "airways-leak"
  | "padding"
  | "too-large";

/** Why there is no mask. */
export type NoLungReason =
  /** Nothing is as dense as tissue: no patient. */
  | "no-body"
  /** No air inside the body has the size of a lung. */
  | "no-lung-sized-air"
  /** There is air, but as empty as bowel or sinus: less than 3 in 10 voxels are of the density of lung. */
  | "not-lung-tissue"
  /** The candidates that were given are empty, but for airways. */
  | "empty-candidates";

/** What is known of one lung: its volume in ml, its density, and its areas. */
export interface SideQuality {
  readonly ml: number;
  readonly density: LungDensity;
  /** Part of the mask at -400 HU and above: vessels, 0.02 to 0.04 in healthy lungs, and dense disease. */
  readonly denseFraction: number;
  /** Largest change of area from a slice to the next, as a part of the lung's largest area. */
  readonly largestStep: number;
  /** Area by slice, foot to head whatever the volume's order. */
  readonly areasMm2: readonly number[];
}

/** Lungs that were found, with volumes in ml and what is odd about them. */
export interface LungsFound {
  readonly verdict: "lungs";
  readonly right: SideQuality;
  readonly left: SideQuality;
  readonly airwaysMl: number;
  /** Both lungs, without airways. */
  readonly totalMl: number;
  /** Of both lungs together, without airways. */
  readonly density: LungDensity;
  /** Right over left; absent where there is only one. */
  readonly rightToLeft?: number;
  readonly flags: readonly LungFlag[];
}

/** No lungs were found, and why. */
export interface NoLungs {
  readonly verdict: "no-lungs";
  readonly reason: NoLungReason;
}

/** The plain recipe knows neither sides nor airways, and judges nothing. */
export interface LungsNotJudged {
  readonly verdict: "not-judged";
  /** Airways included. */
  readonly totalMl: number;
}

/** What lungMask says of its result: lungs that were found and judged, none, or not judged. */
export type LungQuality = LungsFound | NoLungs | LungsNotJudged;

/** Counts of one lung. */
export interface SideMeasures extends LungBack {
  readonly density: DensityCounts;
  /** Next to the border of the field of view. */
  readonly cutVoxels: number;
}

export interface LungMeasures {
  readonly right: SideMeasures;
  readonly left: SideMeasures;
  readonly airwayVoxels: number;
  readonly airwaysLeak: boolean;
  readonly isPadded: boolean;
}

const symmetric = { least: 0.7, most: 1.8 } as const;
/**
 * Options of the largest area: 0.10 over 2 mm and 0.13 over 6 mm at the bases of healthy lungs; thick slices
 * may change more.
 */
const mostStep = { leastPart: 0.25, perMm: 0.05 } as const;
/** 0.026 to 0.034 in lungs without consolidation, 0.054 and 0.074 in a pneumonia. */
const MOST_DENSE = 0.05;
/** The right diaphragm stands 10 to 25 mm above the left. */
const MOST_BASE_DIFFERENCE_MM = 45;
/** Two patients without fluid: 6 to 13 mm. With 400 ml of it on one side: 19 mm and more. */
const MOST_BACK_DIFFERENCE_MM = 16;
/** Air with what of the walls is air: 39 to 81 ml in two patients. */
const MOST_AIRWAYS_ML = 120;
/**
 * Total lung capacity of the tallest men is 8 to 9 liters, of emphysema up to 10; room air taken for lung is
 * 11 and more.
 */
const MOST_TOTAL_ML = 10500;
/** Of a slice of lung; a few voxels are noise. */
const LEAST_CUT_ML = 1;
const LEAST_END_MM2 = 300;

/** What the counts of both lungs mean, on a grid with LPS axes. */
export function judgeLungs(
  { right, left, airwayVoxels, airwaysLeak, isPadded }: LungMeasures,
  grid: Grid,
): LungsFound {
  const voxelMl = voxelVolumeMm3(grid) / 1000;
  const sides = { right: judgeSide(right, grid), left: judgeSide(left, grid) };
  const both = [sides.right, sides.left];
  const present = both.filter(({ ml }) => ml > 0);
  const rightToLeft = present.length === 2 ? sides.right.ml / sides.left.ml : undefined;
  const endMm2 = (z: number) => both.reduce((sum, { areasMm2 }) => sum + areasMm2[z], 0);
  const base = ({ areasMm2 }: SideQuality) => areasMm2.findIndex((area) => area >= LEAST_END_MM2);
  const baseDifferenceMm = Math.abs(base(sides.right) - base(sides.left)) * grid.spacingMm[2];
  const stepLimit = Math.max(mostStep.leastPart, mostStep.perMm * grid.spacingMm[2]);
  const raised: Readonly<Record<LungFlag, boolean>> = {
    "cut-below": endMm2(0) >= LEAST_END_MM2,
    "cut-above": endMm2(grid.size[2] - 1) >= LEAST_END_MM2,
    "cut-by-field": (right.cutVoxels + left.cutVoxels) * voxelMl >= LEAST_CUT_ML,
    "one-lung": present.length < 2,
    asymmetric:
      rightToLeft !== undefined && !(rightToLeft >= symmetric.least && rightToLeft <= symmetric.most),
    discontinuous: present.some(({ largestStep }) => largestStep > stepLimit),
    dense: present.some(({ denseFraction }) => denseFraction > MOST_DENSE),
    "uneven-bases": present.length === 2 && baseDifferenceMm > MOST_BASE_DIFFERENCE_MM,
    "uneven-backs": (backDifferenceMm(right, left, grid) ?? 0) > MOST_BACK_DIFFERENCE_MM,
    "no-airways": airwayVoxels === 0,
    "airways-leak": airwaysLeak || airwayVoxels * voxelMl > MOST_AIRWAYS_ML,
    padding: isPadded,
    "too-large": sides.right.ml + sides.left.ml > MOST_TOTAL_ML,
  };
  return Object.freeze({
    verdict: "lungs",
    ...sides,
    airwaysMl: airwayVoxels * voxelMl,
    totalMl: sides.right.ml + sides.left.ml,
    density: densityOf(right.density, left.density),
    rightToLeft,
    flags: (Object.keys(raised) as LungFlag[]).filter((flag) => raised[flag]),
  });
}

function judgeSide({ voxelsPerSlice, density }: SideMeasures, grid: Grid): SideQuality {
  const counts = Array.from(voxelsPerSlice);
  const voxels = counts.reduce((sum, count) => sum + count, 0);
  const steps = counts.slice(1).map((count, z) => Math.abs(count - counts[z]));
  const pixelMm2 = grid.spacingMm[0] * grid.spacingMm[1];
  return Object.freeze({
    ml: (voxels * voxelVolumeMm3(grid)) / 1000,
    density: densityOf(density),
    denseFraction: density.tissue / Math.max(1, voxels),
    largestStep: Math.max(0, ...steps) / Math.max(1, ...counts),
    areasMm2: counts.map((count) => count * pixelMm2),
  });
}
