import type { Grid } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { describeLungs } from "../../src/recipes/lung_mask/words.js";
import { bowelUnderDome } from "./bowel_change.js";
import { generatedCase } from "./generated_chest.js";
import { lungsOf } from "./lung_agreement.js";
import { averaged, between, type LungCase } from "./lung_cases.js";
import { consolidation, effusion, emphysema } from "./lung_changes.js";

/** A generated chest, its labels, and the slice and the row to look at. */
export interface PicturedCase {
  readonly name: string;
  readonly grid: Grid;
  readonly hu: Int16Array;
  readonly labels: Uint8Array;
  readonly z: number;
  readonly y: number;
  /** Verdict and flags in sentences. */
  readonly said: string;
}

interface Subject {
  readonly name: string;
  readonly make: (chest: LungCase) => LungCase;
  /** Where to look, in parts of the volume. */
  readonly height: number;
  readonly depth: number;
}

const subjects: readonly Subject[] = [
  { name: "as generated", make: (chest) => chest, height: 0.55, depth: 0.5 },
  {
    name: "emphysema, all lowered by 140 HU",
    make: (chest) => emphysema(chest, 140),
    height: 0.55,
    depth: 0.5,
  },
  { name: "colon under the left dome", make: (chest) => bowelUnderDome(chest, 1), height: 0.19, depth: 0.57 },
  {
    name: "slices of 8 mm",
    make: (chest) => averaged(chest, [1, 1, 4]),
    height: 0.55,
    depth: 0.5,
  },
  { name: "left half of the picture", make: (chest) => between(chest, 0, 0.5, 1), height: 0.55, depth: 0.5 },
  {
    name: "effusion, right, 400 ml",
    make: (chest) => effusion(chest, 1, 400),
    height: 0.35,
    depth: 0.62,
  },
  {
    name: "consolidation, left, 60 mm around the pleura",
    make: (chest) => consolidation(chest, 2, 0.4, 60),
    height: 0.4,
    depth: 0.62,
  },
];

/** The cases of the picture in docs/lung-mask.md, in its order. */
export async function* picturedCases(): AsyncGenerator<PicturedCase> {
  const engine = await createCpuEngine();
  const chest = generatedCase();
  for (const { name, make, height, depth } of subjects) {
    const { grid, hu, ...one } = make(chest);
    const { labels, quality } = await lungsOf(engine, { grid, hu, ...one });
    const said = [quality.verdict, ...describeLungs(quality)].join(" ");
    const [z, y] = [Math.floor(grid.size[2] * height), Math.floor(grid.size[1] * depth)];
    yield { name, grid, hu, labels, z, y, said };
  }
  engine.destroy();
}
