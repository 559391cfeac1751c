import type { Vec3 } from "../../core/grid.js";

/** What is known of a blob of gas among the air of the lungs. */
export interface GasPocket {
  /** The gas alone. */
  readonly gasMl: number;
  /** What lies within `rimMm` of it. */
  readonly rimMl: number;
}

/**
 * The numbers by which gas is bowel's and not lung's. Values in brackets: two patients as acquired, averaged
 * to slices of 4 to 10 mm and with 100 HU of noise, and P001 with its lungs lowered by 102 to 201 HU, whole
 * and by parts.
 */
export const bowelLimits = {
  /** Gas without tissue in it: bowel, stomach, bullae and the emptiest emphysema. */
  gasBelowHu: -950,
  /** Smaller bubbles do not join the lung, or do no harm. */
  leastMl: 5,
  /** At most this many are looked at, the largest. In emphysema there are many. */
  mostBlobs: 64,
  /** Voxels up to here from the gas are partly gas; the shell beyond them shows what it lies in. */
  rimMm: 3,
  /** Narrower shells lie within the partly filled voxels of a dome in thick slices. */
  shellMm: 9,
  /** What counts as lung in the shell; above it are the voxels that a dome fills partly. */
  lungBelowHu: -600,
  /** Of the shell around bowel less than this is lung (0.10 to 0.20); around bullae 0.5 to 0.7. */
  lungShare: 0.25,
  /**
   * In slices thicker than 6 mm the dome fills voxels of the shell partly (8 mm: 0.27, 10 mm: 0.34; bullae
   * 0.6).
   */
  thick: { fromMm: 6, sharePerMm: 0.03, most: 0.38 },
  /** Gas that reaches the carina is lung's: bowel lies below, but for rare hernias. */
  aboveCarina: true,
  /**
   * From this size on the form tells: bowel is a smooth tube or bag, emphysema is full of vessels. Smaller
   * lungs' parts lie in lung.
   */
  formFromMl: 80,
  /**
   * Rim over gas, as a multiple of a ball's: bowel of 30 to 60 ml 1.4 to 2.1 (with 100 HU of noise 3),
   * emphysema 2.65 to 6.
   */
  leastSlimness: 2.4,
} as const;

/** The least share of lung in the shell of gas that is not walled in, for a distance of slices. */
export function walledBelowShare(sliceMm: number): number {
  const { lungShare, thick } = bowelLimits;
  const over = Math.max(0, sliceMm - thick.fromMm) * thick.sharePerMm;
  return Math.min(thick.most, lungShare + over);
}

/**
 * Rim over gas against that of a ball of as much gas: 1 for a ball, 1.3 for a long tube, more for what is
 * folded or full of vessels. The rim of coarse voxels is narrower than `rimMm`, and so is the ball's.
 */
export function slimness({ gasMl, rimMl }: GasPocket, spacingMm: Vec3): number {
  const radiusMm = ((3 * gasMl * 1000) / (4 * Math.PI)) ** (1 / 3);
  const reach = spacingMm.map((mm) => Math.floor(bowelLimits.rimMm / mm + 1e-3) * mm);
  const ball = reach.reduce((product, mm) => product * (1 + mm / radiusMm), 1);
  return rimMl / gasMl / (ball - 1);
}

/** Whether gas below the carina is emphysema by its form. */
export function isEmphysema(pocket: GasPocket, spacingMm: Vec3): boolean {
  return pocket.gasMl >= bowelLimits.formFromMl && slimness(pocket, spacingMm) >= bowelLimits.leastSlimness;
}
