import type { Engine, EngineBuffer } from "../../engine/engine.js";
import type { Scratch } from "../scratch.js";
import type { ComponentMeasures } from "./component_measures.js";
import type { RunLabels } from "./runs.js";
import { lineInvocations } from "./scan_counts.js";

/** A component by its root run, its smallest. */
export interface RankedComponent {
  readonly root: number;
  readonly voxels: number;
}

export interface ComponentRanks {
  /** How many components there are. */
  readonly total: number;
  /** The largest, in order; of equals the first in the volume's order. */
  readonly ranked: readonly RankedComponent[];
  /** u32 per run: at the root runs of the ranked their place from 1, else 0. */
  readonly rank: EngineBuffer;
}

/** Counts read back at a time, 4 MiB: the host never holds more of them. */
const CHUNK_RUNS = 2 ** 20;

/** The `most` largest components. The host sorts: one count a run is read back. */
export async function rankComponents(
  scratch: Scratch,
  labels: RunLabels,
  { voxels }: ComponentMeasures,
  most: number,
): Promise<ComponentRanks> {
  const { total, ranked } = await largestOf(labels.mask.engine, voxels, labels.runs, most);
  return { total, ranked, rank: await rankBuffer(scratch, labels, ranked) };
}

/** The `rank` of these components, as `ComponentRanks` has it. */
export async function rankBuffer(
  scratch: Scratch,
  { mask: { engine }, runs }: RunLabels,
  ranked: readonly RankedComponent[],
): Promise<EngineBuffer> {
  const rank = scratch.own(await engine.allocate("component ranks", runs * 4));
  if (ranked.length === 0) return rank;
  const listed = scratch.own(await engine.allocate("ranked components", ranked.length * 4, "unwritten"));
  engine.write(
    listed,
    0,
    Uint32Array.from(ranked, ({ root }) => root),
  );
  await engine.run([
    {
      kernel: "component_rank",
      params: { components: ranked.length },
      bindings: { listed, rank },
      invocations: lineInvocations(ranked.length),
    },
  ]);
  return rank;
}

async function largestOf(engine: Engine, voxels: EngineBuffer, runs: number, most: number) {
  let total = 0;
  let ranked: RankedComponent[] = [];
  for (let first = 0; first < runs; first += CHUNK_RUNS) {
    const length = Math.min(CHUNK_RUNS, runs - first);
    const counts = new Uint32Array(await engine.read(voxels, first * 4, length * 4));
    const found: RankedComponent[] = [];
    counts.forEach((count, i) => {
      if (count > 0) found.push({ root: first + i, voxels: count });
    });
    total += found.length;
    ranked = [...ranked, ...found].sort((a, b) => b.voxels - a.voxels || a.root - b.root).slice(0, most);
  }
  return { total, ranked };
}
