import { afterAll, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { decodeInThread } from "../../src/decode/pool/inline_worker.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { plainEngine } from "../support/plain_engine.js";
import { fuzzCases, fuzzSeed, seededRandom } from "../support/random.js";
import { createStackDamages, type DamagedStack } from "./damage_stack.js";
import { openJpegLsEncoder } from "./encode.js";
import { SLICES, sliceWriters, stackHu } from "./whole_stacks.js";

// A stack of which one file is lost, cut, damaged or another one's: the right volume, a refusal, or a
// warning; never a short or changed volume without a word. `npm run fuzz:stacks` is the long form.

const CASES = fuzzCases(1500);
const pool = createDecodePool({ spawn: () => decodeInThread(), size: 1 });
afterAll(() => pool.destroy());
const truth = stackHu();

type Outcome = "right" | "warned" | "refused" | "short" | "changed" | "untagged";

/** What comes of reading a folder of these files. */
async function outcomeOf(files: DamagedStack["files"]): Promise<Outcome> {
  try {
    const { series, diagnostics } = await listSeries(
      files.map(({ name, bytes }) => bytesSource(name, bytes)),
    );
    const chosen = chooseSeries(series);
    const volume = await loadVolume(plainEngine(pool), chosen);
    const { slope, intercept } = volume.values;
    const hu = Array.from(await volume.read(), (stored) => stored * slope + intercept);
    if (hu.length === truth.length && hu.every((value, i) => value === truth[i])) return "right";
    if ([...diagnostics, ...chosen.diagnostics].some(({ severity }) => severity === "warning"))
      return "warned";
    return hu.length < truth.length ? "short" : "changed";
  } catch (error) {
    return isHounsfieldError(error) && error.code !== "internal" ? "refused" : "untagged";
  }
}

const writers = sliceWriters(await openJpegLsEncoder());

test.each([...writers])(
  "%s: the whole stack is right, and one of whose middle is gone is not",
  async (_, write) => {
    const files = Array.from({ length: SLICES }, (_, k) => ({ name: `${k}.dcm`, bytes: write(k).bytes }));
    expect(await outcomeOf(files)).toBe("right");
    expect(await outcomeOf(files.toSpliced(3, 1))).toBe("refused");
  },
);

test(`${CASES} stacks with a lost, cut, damaged or foreign file: never short or changed in silence`, async () => {
  const next = createStackDamages(writers, seededRandom(fuzzSeed("stacks")));
  const counts: Partial<Record<Outcome, number>> = {};
  const findings: string[] = [];
  for (let round = 0; round < CASES; round++) {
    const { what, files, cannotBeSeen } = next();
    const outcome = await outcomeOf(files);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    const isSilent = outcome === "short" || outcome === "changed";
    if (outcome === "untagged" || (isSilent && !cannotBeSeen)) findings.push(`${round}, ${outcome}: ${what}`);
  }
  expect(findings.slice(0, 20)).toEqual([]);
  // Damage that is never seen, or always, would be damage of the wrong kind.
  expect(counts.refused).toBeGreaterThan(CASES / 4);
  expect((counts.right ?? 0) + (counts.warned ?? 0)).toBeGreaterThan(CASES / 20);
});
