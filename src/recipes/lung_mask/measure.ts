import type { Control } from "../../core/control.js";
import type { Vec3 } from "../../core/grid.js";
import { together } from "../../engine/round_trips.js";
import { combineMasks, invertMask } from "../../ops/mask/combine_masks.js";
import { countOnDevice, sumOf } from "../../ops/mask/count_voxels.js";
import { listComponents } from "../../ops/mask/list_components.js";
import { dilate } from "../../ops/mask/morphology.js";
import { type Scratch, withScratch } from "../../ops/scratch.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { boxMask } from "./box_mask.js";
import { densityCounts } from "./density.js";
import type { Sides } from "./grow_apart.js";
import type { HuSource } from "./hu_source.js";
import { judgeLungs, type LungsFound, type SideMeasures } from "./judge.js";

/** The chest wall is thicker than a voxel: lung next to the outside has been cut. */
const NEAR_VOXELS = 1;

/** A closed lung falls into some parts a slice. */
const MOST_PARTS = 16384;

interface MeasuredParts extends Sides {
  readonly airways: BitMask;
  readonly leaks: boolean;
  readonly isPadded: boolean;
}

/**
 * Counts the finished masks slice by slice and by HU, and judges the counts. `outside` is of `findOutside`.
 */
export function measureLungs(
  volume: HuSource,
  { right, left, airways, leaks, isPadded }: MeasuredParts,
  outside: BitMask,
  control: Control,
): Promise<LungsFound> {
  return withScratch(async (scratch) => {
    const edge = scratch.own(await findEdge(outside, control));
    const inRight = await countSide(scratch, right, edge, control);
    const inLeft = await countSide(scratch, left, edge, control);
    const inAirways = await countOnDevice(scratch, airways, control);
    scratch.free(edge);
    const counts = await together(
      volume.engine,
      () => readSide(right, inRight, control),
      () => readSide(left, inLeft, control),
      inAirways,
      () => volume.histograms([right, left], control),
    );
    const [inRightHu, inLeftHu] = counts[3].map((byHu) => densityCounts(byHu.counts));
    return judgeLungs(
      {
        right: { ...counts[0], density: inRightHu },
        left: { ...counts[1], density: inLeftHu },
        airwayVoxels: sumOf(counts[2]),
        airwaysLeak: leaks,
        isPadded,
      },
      right.grid,
    );
  });
}

/** Next to the outside, or to the frame of the slices. */
async function findEdge(outside: BitMask, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const [nx, ny, nz] = outside.grid.size;
    const reachVoxels: Vec3 = [NEAR_VOXELS, NEAR_VOXELS, 0];
    const near = scratch.own(await dilate(outside, { shape: "box", reachVoxels, ...control }));
    const inner = scratch.own(await boxMask(outside, [1, 1, 0], [nx - 2, ny - 2, nz - 1]));
    const frame = scratch.own(await invertMask(inner, control));
    scratch.free(inner);
    return combineMasks(near, frame, { rule: "or", ...control });
  });
}

/** Counts of slices that are made, and still to be read. */
type Counts = () => Promise<Uint32Array>;

interface SideCounts {
  readonly all: Counts;
  readonly cut: Counts;
}

async function countSide(
  scratch: Scratch,
  lung: BitMask,
  edge: BitMask,
  control: Control,
): Promise<SideCounts> {
  const all = await countOnDevice(scratch, lung, control);
  const near = scratch.own(await combineMasks(lung, edge, { rule: "and", ...control }));
  const cut = await countOnDevice(scratch, near, control);
  scratch.free(near);
  return { all, cut };
}

async function readSide(
  lung: BitMask,
  { all, cut }: SideCounts,
  control: Control,
): Promise<Omit<SideMeasures, "density">> {
  const rows = () => hindmostRows(lung, control);
  const counts = await together(lung.engine, all, cut, rows);
  return { voxelsPerSlice: counts[0], cutVoxels: sumOf(counts[1]), hindmostRows: counts[2] };
}

/** How far back a lung reaches in each slice; axes are LPS. */
async function hindmostRows(lung: BitMask, control: Control): Promise<Int32Array> {
  const rows = new Int32Array(lung.grid.size[2]);
  const list = { neighbors: 8, maximumComponents: MOST_PARTS } as const;
  const { components } = await listComponents(lung, { ...list, ...control });
  for (const { minimum, maximum } of components) rows[minimum[2]] = Math.max(rows[minimum[2]], maximum[1]);
  return rows;
}
