import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, wholeWithin } from "../../core/rules.js";
import type { EngineBuffer } from "../../engine/engine.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { slabsOf } from "../../volume/slabs.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { type SlabStream, streamSlabs, type ValueSlab } from "../stream_slabs.js";
import { measureComponents } from "./component_measures.js";
import { rankComponents } from "./component_ranks.js";
import { labelRuns, maskInvocations, maskParams, type Neighbors, neighborsRule } from "./runs.js";

/** Options of labelSlabs. */
export interface LabelOptions {
  /** 6 by default; 4 or 8 label the parts of each slice. */
  readonly neighbors?: Neighbors;
  /** Only so many components get a label; at most, and by default, 255. */
  readonly maximumComponents?: number;
}

/**
 * The components of a mask as uint8 labels, in slabs by ascending z: 1 for the largest, 2 for the next; of
 * equals first the one that begins first in the order x, y, z. 0 where the mask is clear, and in components
 * that get no label. Exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function* labelSlabs(
  mask: BitMask,
  options: LabelOptions & Control = {},
): AsyncGenerator<ValueSlab<Uint8Array>> {
  checkMask("labelSlabs", mask);
  const rules = { ...controlRules, neighbors: neighborsRule, maximumComponents: wholeWithin(1, 255) };
  const { neighbors = 6, maximumComponents = 255, ...control } = checkOptions("labelSlabs", options, rules);
  const ranks = await rankRuns(mask, neighbors, maximumComponents, control);
  try {
    const slabs = slabsOf(mask.engine, mask.grid, labelRowBytes(mask) * mask.grid.size[1]);
    yield* streamSlabs(mask.engine, slabs, labelStream(mask, ranks), control);
  } finally {
    for (const buffer of Object.values(ranks)) buffer.destroy();
  }
}

/** What the kernel looks labels up in; the caller's to destroy. */
interface RunRanks {
  readonly first_run: EngineBuffer;
  readonly root: EngineBuffer;
  readonly rank: EngineBuffer;
}

function rankRuns(mask: BitMask, neighbors: Neighbors, most: number, control: Control): Promise<RunRanks> {
  const stage = "label components";
  return withScratch(async (scratch) => {
    // Count, unite, measure.
    const inParts = progressInParts(control, 3);
    const labels = await labelRuns(scratch, mask, { neighbors, background: false }, stage, inParts);
    const measures = await measureComponents(scratch, labels, stage, inParts);
    const { rank } = await rankComponents(scratch, labels, measures, most);
    scratch.release(rank);
    return { first_run: scratch.release(labels.firstRun), root: scratch.release(labels.root), rank };
  });
}

function labelStream(mask: BitMask, ranks: RunRanks): SlabStream<Uint8Array> {
  const [columns, rows] = mask.grid.size;
  const rowBytes = labelRowBytes(mask);
  return {
    stage: "read labels",
    bytesOf: ({ z0, z1 }) => rowBytes * rows * (z1 - z0),
    passesOf: (slab, labels) => [
      {
        kernel: "component_label",
        params: maskParams(mask, false, slab),
        bindings: { mask: mask.buffer, ...ranks, labels },
        invocations: maskInvocations(mask, slab),
      },
    ],
    valuesOf: (memory, { z0, z1 }) =>
      unpadBytes(new Uint8Array(memory, 0, rowBytes * rows * (z1 - z0)), rowBytes, columns),
  };
}

/** Rows are padded to whole words. */
function labelRowBytes({ grid }: BitMask): number {
  return Math.ceil(grid.size[0] / 4) * 4;
}

function unpadBytes(padded: Uint8Array, rowBytes: number, columns: number): Uint8Array {
  if (rowBytes === columns) return padded;
  const rows = padded.length / rowBytes;
  const dense = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    dense.set(padded.subarray(row * rowBytes, row * rowBytes + columns), row * columns);
  }
  return dense;
}
