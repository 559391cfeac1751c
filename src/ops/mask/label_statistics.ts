import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, required } from "../../core/rules.js";
import { type ValueScale, valueOfStored } from "../../core/value_scale.js";
import { checkVolume } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { checkLabels, type LabelVolume, labelsRule } from "../../volume/label_volume.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import type { Statistics } from "../value/statistics.js";

/** Options of labelStatistics. */
export interface LabelStatisticsOptions {
  /** On the volume's grid and engine. */
  readonly labels: LabelVolume;
}

/** What is known of the values of one label's voxels. */
export interface LabelStatistics extends Statistics {
  readonly label: number;
  readonly volumeMm3: number;
}

/** Words of the device's table that are one label's. */
const WORDS = 8;

/**
 * Statistics of the voxels of every label that a voxel has, but 0, by ascending label, in one pass over the
 * volume however many there are. Sums are exact, of 64 bits, and rounded once or twice to float64, so they
 * are the same on every device, and those that `statistics` gives of the label's mask. Exact below 2^32
 * voxels.
 * @throws HounsfieldError `invalid-option`, `wrong-grid`, `wrong-engine`, `destroyed`, `not-loaded`,
 * `limit-exceeded`, `out-of-memory`
 */
export async function labelStatistics(
  volume: CtVolume,
  options: LabelStatisticsOptions & Control,
): Promise<LabelStatistics[]> {
  checkVolume("labelStatistics", volume);
  const rules = { ...controlRules, labels: required(labelsRule) };
  const { labels, ...control } = checkOptions("labelStatistics", options, rules);
  checkLabels("labelStatistics", labels);
  checkInputs({ volume, labels });
  const { engine, grid } = volume;
  const [columns, rows] = grid.size;
  return withScratch(async (scratch) => {
    const bytes = 65536 * WORDS * 4;
    const measures = scratch.own(await engine.allocate("label measures", bytes, "zeroed", bytes));
    const slabs = slabsOf(engine, grid, sliceWords(grid) * 4);
    await runSlabs(engine, slabs, "label statistics", control, ({ z0, z1 }) => {
      const [hu, marks] = [volume, labels].map(({ buffer }) => sliceRange(buffer, sliceWords(grid), z0, z1));
      return [
        {
          kernel: "label_measure",
          params: { columns, rows, hu_word: hu.firstWord, label_word: marks.firstWord },
          bindings: { hu: hu.range, labels: marks.range, measures },
          invocations: [rows, z1 - z0, 1],
        },
      ];
    });
    const words = new Uint32Array(await engine.read(measures, 0, bytes));
    return listOf(words, volume.values, voxelVolumeMm3(grid));
  });
}

function listOf(words: Uint32Array, values: ValueScale, voxelMm3: number): LabelStatistics[] {
  const found: LabelStatistics[] = [];
  for (let label = 1; label < 65536; label++) {
    const [voxels, missing, most, , sumLow, sumHigh, squaresLow, squaresHigh] = words.subarray(
      label * WORDS,
      (label + 1) * WORDS,
    );
    if (voxels === 0) continue;
    // Of stored values plus 32768, whose spread is that of the values.
    const sum = sumHigh * 2 ** 32 + sumLow;
    const squares = BigInt(squaresHigh) * 2n ** 32n + BigInt(squaresLow);
    const spread = BigInt(voxels) * squares - BigInt(sum) ** 2n;
    found.push({
      label,
      voxels,
      volumeMm3: voxels * voxelMm3,
      minimumHu: valueOfStored(values, 65535 - missing - 32768),
      maximumHu: valueOfStored(values, most - 32768),
      meanHu: valueOfStored(values, (sum - 32768 * voxels) / voxels),
      deviationHu: (Math.sqrt(Number(spread)) / voxels) * values.slope,
    });
  }
  return found;
}
