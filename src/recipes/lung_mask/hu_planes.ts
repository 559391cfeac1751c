import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import type { Engine } from "../../engine/engine.js";
import { combineInto, combineMasks, invertMask } from "../../ops/mask/combine_masks.js";
import { type ThresholdOptions, threshold, thresholdInto } from "../../ops/mask/threshold.js";
import type { VolumeSlab } from "../../ops/resample/resample_slabs.js";
import { type Scratch, withScratch } from "../../ops/scratch.js";
import { runningHistogram } from "../../ops/value/histogram.js";
import { allocateMask, type BitMask } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { classesBelow, type HuInterval, type PlaneSet, planesOf } from "./hu_classes.js";
import type { HuSource } from "./hu_source.js";

/** The parts of a volume in ascending z, from the first again at each call; each lasts until the next. */
export type Parts = () => AsyncIterable<VolumeSlab>;

/** What is gathered of a volume that goes by: a few bits a voxel, and the slice in its middle. */
export interface HuPlanes {
  add(part: VolumeSlab): Promise<void>;
  /** Once all parts are added. What the planes do not tell is asked of `parts` again. */
  source(parts: Parts): HuSource;
}

/**
 * Of a volume that is never there whole: which of the classes between `edgesHu`, ascending, each voxel is in.
 * The planes are `scratch`'s. For records that are HU themselves.
 */
export async function gatherHu(
  scratch: Scratch,
  engine: Engine,
  grid: Grid,
  edgesHu: readonly number[],
  { signal }: Control,
): Promise<HuPlanes> {
  const planes: Plane[] = [];
  for (const intervals of planesOf(edgesHu)) {
    const mask = scratch.own(await allocateMask(engine, grid, "HU plane", "unwritten"));
    planes.push({ intervals, mask });
  }
  const middle = grid.size[2] >> 1;
  let middleSlice: Int16Array | undefined;
  return {
    async add(part) {
      for (const plane of planes) await addTo(plane, part, { signal });
      const { z0, z1, volume } = part;
      if (z0 <= middle && middle < z1) middleSlice = await sliceOf(volume, middle - z0);
    },
    source: (parts) => ({
      engine,
      grid,
      threshold(options) {
        const ends = [options.fromHu, options.belowHu].filter((hu) => hu !== undefined);
        const isKnown = ends.length > 0 && ends.every((hu) => edgesHu.includes(hu));
        if (!isKnown) return thresholdOfParts(engine, grid, parts, options);
        const masks = planes.map(({ mask }) => mask);
        return between(masks, edgesHu, options);
      },
      readSlice: async (z) => (z === middle && middleSlice) || sliceOfParts(parts, z),
      histograms: (masks, control) => histogramsOfParts(engine, parts, masks, control),
      thresholdsEnd() {
        for (const { mask } of planes) scratch.free(mask);
      },
    }),
  };
}

interface Plane {
  readonly intervals: readonly HuInterval[];
  readonly mask: BitMask;
}

/** The union of a plane's intervals in a part. */
function addTo(plane: Plane, { z0, volume }: VolumeSlab, control: Control): Promise<void> {
  const [first, ...rest] = plane.intervals;
  if (rest.length === 0) return thresholdInto(plane.mask, z0, volume, { ...first, ...control });
  return withScratch(async (scratch) => {
    let gathered = scratch.own(await threshold(volume, { ...first, ...control }));
    for (const [i, interval] of rest.entries()) {
      const more = scratch.own(await threshold(volume, { ...interval, ...control }));
      const either = { rule: "or", ...control } as const;
      if (i === rest.length - 1) return combineInto(plane.mask, z0, gathered, more, either);
      const both = scratch.own(await combineMasks(gathered, more, either));
      for (const mask of [gathered, more]) scratch.free(mask);
      gathered = both;
    }
  });
}

/** Between edges, one of which is given at least. */
function between(
  planes: readonly BitMask[],
  edgesHu: readonly number[],
  { fromHu, belowHu, ...control }: ThresholdOptions & Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const below = async (hu: number) =>
      scratch.own(await classesIn(planes, classesBelow(edgesHu.indexOf(hu) + 1, planes.length), control));
    const low = fromHu === undefined ? undefined : await below(fromHu);
    const all = belowHu === undefined ? undefined : await below(belowHu);
    if (low) return all ? combineMasks(all, low, { rule: "andNot", ...control }) : invertMask(low, control);
    return scratch.release(all as BitMask);
  });
}

function classesIn(
  planes: readonly BitMask[],
  { steps, inverted }: PlaneSet,
  control: Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    let made = planes[steps[0].bit];
    for (const { rule: put, bit } of steps.slice(1)) {
      const [one, other] = put === "from" ? [planes[bit], made] : [made, planes[bit]];
      const rule = put === "and" || put === "or" ? put : "andNot";
      const next = scratch.own(await combineMasks(one, other, { rule, ...control }));
      if (!planes.includes(made)) scratch.free(made);
      made = next;
    }
    // A plane alone is always inverted.
    return inverted ? invertMask(made, control) : scratch.release(made);
  });
}

/** What no plane tells, such as the value of padding. */
function thresholdOfParts(
  engine: Engine,
  grid: Grid,
  parts: Parts,
  options: ThresholdOptions & Control,
): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const mask = scratch.own(await allocateMask(engine, grid, "threshold mask", "unwritten"));
    for await (const { z0, volume } of parts()) await thresholdInto(mask, z0, volume, options);
    return scratch.release(mask);
  });
}

async function sliceOfParts(parts: Parts, z: number): Promise<Int16Array> {
  for await (const { z0, z1, volume } of parts()) if (z0 <= z && z < z1) return sliceOf(volume, z - z0);
  throw new HounsfieldError("internal", `slice ${z} did not go by`, { got: z });
}

async function sliceOf(volume: CtVolume, z: number): Promise<Int16Array> {
  return (await volume.read(z, z + 1)).slice();
}

function histogramsOfParts(engine: Engine, parts: Parts, masks: readonly BitMask[], { signal }: Control) {
  return withScratch(async (scratch) => {
    const running = [];
    for (const _ of masks) running.push(scratch.own(await runningHistogram(engine)));
    for await (const { z0, volume } of parts())
      for (const [i, mask] of masks.entries()) await running[i].add(volume, { mask, firstSlice: z0, signal });
    const counted = [];
    for (const one of running) counted.push(await one.read());
    return counted;
  });
}
