import type { Grid } from "../../../src/core/grid.js";
import { projectMaximum } from "../../../src/ops/project/project.js";
import { resample } from "../../../src/ops/resample/resample.js";
import { lungMask } from "../../../src/recipes/lung_mask.js";
import type { CtVolume } from "../../../src/volume/ct_volume.js";

/** Hashes by what they are of. */
export type Results = Readonly<Record<string, string>>;

type Hash = (values: Int16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>) => Promise<string>;

/** What a viewer without a GPU shows and a recipe computes: the same code for a page and for Node. */
export async function hashResults(volume: CtVolume, hash: Hash): Promise<Results> {
  const results: Record<string, string> = { volume: await hash(own(await volume.read())) };
  for (const plane of ["axial", "coronal", "sagittal"] as const) {
    results[plane] = await hash(own((await projectMaximum(volume, { plane })).hu));
  }
  using fine = await resample(volume, { spacingMm: 3 });
  results.resampled = await hash(own(await fine.read()));
  using cut = await resample(volume, { onto: obliqueCut(volume.grid), border: { constantHu: -1024 } });
  results.oblique = await hash(own(await cut.read()));
  using lungs = await lungMask(volume, { method: "threshold" });
  results.lungs = await hash(own(await lungs.readLabels()));
  return results;
}

/** One slice of 80 x 80 mm pixels, turned 30 degrees: an oblique MPR. */
function obliqueCut({ originMm, size, spacingMm }: Grid): Grid {
  const middle = originMm.map((mm, axis) => mm + (size[axis] * spacingMm[axis]) / 2);
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  return {
    size: [80, 80, 1],
    spacingMm: [3, 3, 3],
    originMm: [middle[0] - 120 * cos, middle[1] - 120 * sin, middle[2] - 120],
    direction: [cos, sin, 0, 0, 0, 1, -sin, cos, 0],
  };
}

function own<T extends Int16Array | Uint8Array>(values: T) {
  return values.slice() as T extends Int16Array ? Int16Array<ArrayBuffer> : Uint8Array<ArrayBuffer>;
}
