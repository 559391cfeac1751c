import type { Engine } from "../../src/engine/engine.js";
import { leakingAirways } from "./airway_leak.js";
import { bowelUnderDome } from "./bowel_change.js";
import * as cases from "./lung_cases.js";
import * as changes from "./lung_changes.js";
import { type Patient, patients } from "./real_patients.js";

type LungCase = cases.LungCase;

/** Whose chest a case is made of: a patient's, or the generated one's, which needs no data. */
export type Subject = Patient | "generated";

/** A case of the table in docs/lung-mask.md. */
export interface Derived {
  readonly name: string;
  /** Both patients, if not given. */
  readonly of?: Subject;
  readonly make: (whole: LungCase, engine: Engine) => LungCase | Promise<LungCase>;
}

export const derivedCases: readonly Derived[] = [
  { name: "as scanned", make: (whole) => whole },
  { name: "slices of 5 times the thickness", make: (whole) => cases.averaged(whole, [1, 1, 5]) },
  { name: "slices of 3 times the thickness", make: (whole) => cases.averaged(whole, [1, 1, 3]) },
  { name: "slices of 4 times the thickness", make: (whole) => cases.averaged(whole, [1, 1, 4]) },
  { name: "every 5th slice, gaps between", make: (whole) => cases.thinned(whole, [1, 1, 5]) },
  { name: "noise of 60 HU added", make: (whole) => changes.noisy(whole, 60) },
  { name: "noise of 100 HU added", make: (whole) => changes.noisy(whole, 100) },
  { name: "noise of 150 HU added", make: (whole) => changes.noisy(whole, 150) },
  { name: "prone, feet first", make: (whole) => cases.turned(whole, "RAI") },
  { name: "sagittal slices", make: (whole) => cases.turned(whole, "PSL") },
  { name: "rolled by 20 degrees, oblique axes", make: rolled(20) },
  { name: "rolled by 40 degrees, oblique axes", make: rolled(40) },
  { name: "cubes of 1 mm", make: (whole, engine) => cases.resampled(engine, whole, { spacingMm: 1 }) },
  { name: "cubes of 3 mm", make: (whole, engine) => cases.resampled(engine, whole, { spacingMm: 3 }) },
  { name: "8 x 8 voxels in one", make: (whole) => cases.averaged(whole, [8, 8, 1]) },
  {
    name: "voxels of 0.5 mm, a tenth of the height",
    make: (whole, engine) => {
      return cases.resampled(engine, cases.between(whole, 2, 0.5, 0.6), { spacingMm: 0.5 });
    },
  },
  { name: "upper half", make: (whole) => cases.between(whole, 2, 0.5, 1) },
  { name: "middle third", make: (whole) => cases.between(whole, 2, 0.33, 0.67) },
  { name: "lower third", make: (whole) => cases.between(whole, 2, 0, 0.33) },
  { name: "8 slices of the middle", make: (whole) => cases.between(whole, 2, 0.5, 0.55) },
  { name: "right fifth of the field cut off", make: (whole) => cases.between(whole, 0, 0.2, 1) },
  { name: "right quarter of the field cut off", make: (whole) => cases.between(whole, 0, 0.25, 1) },
  { name: "front and back cut off", make: (whole) => cases.between(whole, 1, 0.3, 0.7) },
  { name: "round field of 0.7", make: (whole) => changes.padded(whole, 0.7) },
  { name: "round field of 0.55", make: (whole) => changes.padded(whole, 0.55) },
  { name: "0 HU beyond a round field of 0.98", make: (whole) => changes.padded(whole, 0.98, 0) },
  { name: "40 HU beyond a round field of 0.8", make: (whole) => changes.padded(whole, 0.8, 40) },
  { name: "right half of the picture", make: (whole) => cases.between(whole, 0, 0, 0.5) },
  { name: "left half of the picture", make: (whole) => cases.between(whole, 0, 0.5, 1) },
  {
    name: "heart's field, cut in every slice",
    make: (whole) => {
      const inPlane = cases.between(cases.between(whole, 0, 0.28, 0.72), 1, 0.3, 0.68);
      return cases.between(inPlane, 2, 0.3, 0.7);
    },
  },
  { name: "lungs that touch over a third", make: (whole) => changes.touching(whole) },
  { name: "effusion, right, 400 ml", make: (whole) => changes.effusion(whole, 1, 400) },
  { name: "effusion, left, 400 ml", make: (whole) => changes.effusion(whole, 2, 400) },
  { name: "effusion, right, 800 ml", make: (whole) => changes.effusion(whole, 1, 800) },
  {
    name: "effusion, both, 500 ml each",
    make: (whole) => changes.effusion(changes.effusion(whole, 1, 500), 2, 500),
  },
  {
    name: "left lung full of fluid",
    make: (whole) => changes.effusion(whole, 2, Number.POSITIVE_INFINITY),
  },
  {
    name: "consolidation, right, 30 mm around the pleura",
    make: (whole) => changes.consolidation(whole, 1, 0.4, 30),
  },
  {
    name: "consolidation, left, 60 mm around the pleura",
    make: (whole) => changes.consolidation(whole, 2, 0.4, 60),
  },
  {
    name: "consolidation, left, 60 mm, a third of it open",
    make: (whole) => changes.consolidation(whole, 2, 0.4, 60, 3),
  },
  ...[101, 140, 201].map((hu): Derived => {
    return { name: `emphysema, all lowered by ${hu} HU`, make: (whole) => changes.emphysema(whole, hu) };
  }),
  {
    name: "emphysema, right lung lowered by 120 HU",
    make: (whole) => changes.emphysema(whole, 120, { side: 1 }),
  },
  {
    name: "emphysema, left lung lowered by 120 HU",
    make: (whole) => changes.emphysema(whole, 120, { side: 2 }),
  },
  {
    name: "emphysema, lower half by 140 HU",
    make: (whole) => changes.emphysema(whole, 140, { to: 0.5 }),
  },
  {
    name: "emphysema, upper half by 140 HU",
    make: (whole) => changes.emphysema(whole, 140, { from: 0.5 }),
  },
  {
    name: "bases and abdomen, colon joined to the left lung",
    of: "cap001",
    make: (whole) => changes.abdomen(whole, cases.storedLungs("cap001", whole.hu.length)),
  },
  { name: "airways that leak into the right lung, cubes of 1.5 mm", make: leaking },
  { name: "as generated", of: "generated", make: (whole) => whole },
  {
    name: "generated, slices of 8 mm",
    of: "generated",
    make: (whole) => cases.averaged(whole, [1, 1, 4]),
  },
  {
    name: "generated, emphysema, all lowered by 140 HU",
    of: "generated",
    make: (whole) => changes.emphysema(whole, 140),
  },
  {
    name: "generated, emphysema, left lung lowered by 120 HU",
    of: "generated",
    make: (whole) => changes.emphysema(whole, 120, { side: 2 }),
  },
  {
    name: "generated, colon under the left dome",
    of: "generated",
    make: (whole) => bowelUnderDome(whole, 1),
  },
  {
    name: "generated, colon under the left dome, slices of 8 mm",
    of: "generated",
    make: (whole) => cases.averaged(bowelUnderDome(whole, 1), [1, 1, 4]),
  },
  {
    name: "generated, bases and abdomen with colon",
    of: "generated",
    make: (whole) => cases.between(bowelUnderDome(whole, 1), 2, 0, 0.35),
  },
  {
    name: "generated, right half of the picture",
    of: "generated",
    make: (whole) => cases.between(whole, 0, 0, 0.5),
  },
  {
    name: "generated, left half of the picture",
    of: "generated",
    make: (whole) => cases.between(whole, 0, 0.5, 1),
  },
];

async function leaking(whole: LungCase, engine: Engine): Promise<LungCase> {
  return leakingAirways(await cases.resampled(engine, whole, { spacingMm: 1.5 }), 0.6, 28);
}

function rolled(degrees: number): Derived["make"] {
  return (whole, engine) => {
    return cases.resampled(engine, whole, { onto: cases.rolledGrid(whole.grid, degrees) });
  };
}

export function subjectsOf({ of }: Derived): readonly Subject[] {
  return of ? [of] : patients;
}
