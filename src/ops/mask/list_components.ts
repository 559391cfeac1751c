import type { Control } from "../../core/control.js";
import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, wholeWithin } from "../../core/rules.js";
import type { EngineBuffer } from "../../engine/engine.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { runSlabs } from "../../volume/slabs.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { measureComponents } from "./component_measures.js";
import { type RankedComponent, rankBuffer, rankComponents } from "./component_ranks.js";
import {
  labelRuns,
  maskInvocations,
  maskParams,
  maskSlabs,
  type Neighbors,
  neighborsRule,
  type RunLabels,
} from "./runs.js";
import { selectComponents } from "./select_components.js";

/** A face of the volume, in the order of the bits of component_measure. */
export type Face = "firstColumn" | "lastColumn" | "firstRow" | "lastRow" | "firstSlice" | "lastSlice";

const faceNames: readonly Face[] = [
  "firstColumn",
  "lastColumn",
  "firstRow",
  "lastRow",
  "firstSlice",
  "lastSlice",
];

/** One connected part of a mask. Vectors are x, y, z. */
export interface Component {
  readonly voxels: number;
  /** Smallest and largest voxel index along each axis, both inside. */
  readonly minimum: Vec3;
  readonly maximum: Vec3;
  /** Mean voxel index: the exact integer sum over the count, rounded once, in float64. */
  readonly centroid: Vec3;
  /** The same in mm, LPS. */
  readonly centroidMm: Vec3;
  readonly faces: readonly Face[];
}

/** What listComponents gives. */
export interface ComponentList {
  /** How many components the mask has, listed or not. */
  readonly total: number;
  /** Largest first; of equals the one that begins first in the order x, y, z. */
  readonly components: readonly Component[];
}

/** Options of listComponents. */
export interface ListOptions {
  /** 6 by default; 4 or 8 list the parts of each slice. */
  readonly neighbors?: Neighbors;
  /** At most this many are listed; 1000 by default. */
  readonly maximumComponents?: number;
}

/**
 * The largest components of a mask. Exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export function listComponents(mask: BitMask, options: ListOptions & Control = {}): Promise<ComponentList> {
  return withListed(mask, options, async ({ total, components }) => Object.freeze({ total, components }));
}

/** The list, and masks of its components without labeling anew. */
export interface ListedComponents extends ComponentList {
  /** What `keepLargest` gives of the same neighbors and as many; of no more than are listed. */
  keep(count: number): Promise<BitMask>;
}

/**
 * Has `use` decide on the list of a mask's components.
 * @throws as `listComponents`
 */
export async function withListed<T>(
  mask: BitMask,
  options: ListOptions & Control,
  use: (listed: ListedComponents) => Promise<T>,
): Promise<T> {
  checkMask("listComponents", mask);
  const rules = { ...controlRules, neighbors: neighborsRule, maximumComponents: wholeWithin(1, 2 ** 20) };
  const {
    neighbors = 6,
    maximumComponents = 1000,
    ...control
  } = checkOptions("listComponents", options, rules);
  const stage = "list components";
  return withScratch(async (scratch) => {
    // Count, unite, measure, describe.
    const inParts = progressInParts(control, 4);
    const labels = await labelRuns(scratch, mask, { neighbors, background: false }, stage, inParts);
    const measures = await measureComponents(scratch, labels, stage, inParts);
    const { total, ranked, rank } = await rankComponents(scratch, labels, measures, maximumComponents);
    scratch.free(measures.voxels);
    scratch.free(measures.faces);
    const table = await describeRanked(labels, rank, ranked.length, stage, inParts);
    scratch.free(rank);
    const components = ranked.map(({ voxels }, i) =>
      componentOf(mask.grid, voxels, table.subarray(i * TABLE_WORDS, (i + 1) * TABLE_WORDS)),
    );
    const { signal } = control;
    return use({
      total,
      components,
      keep: (count) => keepRanked(labels, ranked.slice(0, count), { signal }),
    });
  });
}

function keepRanked(
  labels: RunLabels,
  ranked: readonly RankedComponent[],
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const rank = await rankBuffer(scratch, labels, ranked);
    return selectComponents(labels, rank, "keep largest", control);
  });
}

/** Words of a component in the table of component_describe.wgsl. */
const TABLE_WORDS = 13;

function describeRanked(
  { mask, firstRun, root }: RunLabels,
  rank: EngineBuffer,
  count: number,
  stage: string,
  control: Control,
): Promise<Uint32Array> {
  const { engine } = mask;
  return withScratch(async (scratch) => {
    const table = scratch.own(await engine.allocate("component table", count * TABLE_WORDS * 4));
    await runSlabs(engine, maskSlabs(mask), stage, control, (slab) => [
      {
        kernel: "component_describe",
        params: { ...maskParams(mask, false, slab), depth: mask.grid.size[2] },
        bindings: { mask: mask.buffer, first_run: firstRun, root, rank, table },
        invocations: maskInvocations(mask, slab),
      },
    ]);
    return new Uint32Array(await engine.read(table, 0, count * TABLE_WORDS * 4));
  });
}

function componentOf(grid: Grid, voxels: number, row: Uint32Array): Component {
  const vector = (of: (axis: number) => number): Vec3 => [of(0), of(1), of(2)];
  const centroid = vector((axis) => (row[7 + 2 * axis] * 2 ** 32 + row[6 + 2 * axis]) / voxels);
  return Object.freeze({
    voxels,
    minimum: vector((axis) => ~row[axis] >>> 0),
    maximum: vector((axis) => row[3 + axis]),
    centroid,
    centroidMm: positionMm(grid, centroid),
    faces: faceNames.filter((_, bit) => (row[12] >> bit) & 1),
  });
}
