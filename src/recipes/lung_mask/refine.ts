import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { countVoxels } from "../../ops/mask/count_voxels.js";
import { type Scratch, withScratch } from "../../ops/scratch.js";
import { allocateMask, type BitMask } from "../../volume/bit_mask.js";
import { growthLimits } from "./airway_growth.js";
import { findAirways, withWalls } from "./airways.js";
import { findBody } from "./body.js";
import { findLungAir } from "./candidates.js";
import { closeLungs } from "./close_lungs.js";
import { isWithinPatient, openSides } from "./frame.js";
import type { Sides } from "./grow_apart.js";
import type { HuSource } from "./hu_source.js";
import { AIR_BELOW_HU, CERTAIN_ROOM_BELOW_HU, findInnerAir, findOutside } from "./inner_air.js";
import type { LungQuality, NoLungReason } from "./judge.js";
import { measureLungs } from "./measure.js";
import { findPadding } from "./padding.js";
import { splitLungs } from "./split.js";

/** Masks of one grid, disjoint. */
export interface LungParts extends Sides {
  readonly airways: BitMask;
  readonly quality: LungQuality;
}

/**
 * The whole recipe on a volume with LPS axes; docs/lung-mask.md explains each step. `candidates`, where
 * given, are the lungs: they are parted, not looked for.
 */
export async function refineLungs(
  volume: HuSource,
  candidates: BitMask | undefined,
  control: Control,
): Promise<LungParts> {
  const { signal } = control;
  const steps = stepCounter(control, 6);
  return withScratch(async (scratch) => {
    const padding = await findPadding(volume, { signal });
    if (padding) scratch.own(padding);
    // Made anew where it is used: a threshold is cheap, and a mask held is memory.
    const allAir = async () => scratch.own(await findAllAir(volume, padding, { signal }));
    let air = await allAir();
    const body = await findBody(air, { signal });
    if (!body) return noLungs(volume, "no-body").finally(steps.end);
    scratch.own(body.enclosed);
    scratch.free(body.tissue);
    let outside = scratch.own(await findOutside(volume, body, padding, { signal }));
    const innerAir = scratch.own(await findInnerAir(air, outside, body, { signal }));
    for (const mask of [air, body.enclosed]) scratch.free(mask);
    steps.done();
    const bodyX = (body.minimum[0] + body.maximum[0]) / 2;
    const airIn = async (inside: BitMask) =>
      ownedAir(scratch, await findAir(volume, scratch.release(inside), candidates, bodyX, { signal }));
    let found = await airIn(innerAir);
    if (found.lungAir === "no-lung-sized-air") {
      const room = scratch.own(await findCertainRoom(volume, padding, { signal }));
      // In a field of view within the chest the frame shuts nothing off: all air that is not the room's is
      // inside.
      if (isWithinPatient(await openSides(room, { signal }))) {
        outside = room;
        air = await allAir();
        const within = scratch.own(await combineMasks(air, room, { rule: "andNot", signal }));
        for (const mask of [air, found.bronchi]) scratch.free(mask);
        found = await airIn(within);
      }
    }
    const { lungAir, bronchi, lumenMl, carina, leaks } = found;
    steps.done();
    if (typeof lungAir === "string") return noLungs(volume, lungAir).finally(steps.end);
    air = await allAir();
    volume.thresholdsEnd?.();
    const airways = scratch.own(await combineMasks(bronchi, air, { rule: "and", signal }));
    scratch.free(air);
    const reserved = scratch.own(await combineMasks(bronchi, outside, { rule: "or", signal }));
    scratch.free(bronchi);
    steps.done();
    const tracheaX = lumenMl < growthLimits.tracheaMl ? undefined : carina?.[0];
    const midline = { bodyX, tracheaX, openSides: () => openSides(outside, { signal }) };
    const split = owned(scratch, await splitLungs(lungAir, midline, { signal }));
    scratch.free(lungAir);
    steps.done();
    const lungs = candidates ? split : owned(scratch, await closeLungs(split, reserved, { signal }));
    scratch.free(reserved);
    if (!candidates) for (const mask of [split.right, split.left]) scratch.free(mask);
    steps.done();
    const quality = await measureLungs(
      volume,
      { ...lungs, airways, leaks, isPadded: padding !== undefined },
      outside,
      { signal },
    );
    steps.done();
    for (const mask of [lungs.right, lungs.left, airways]) scratch.release(mask);
    return { ...lungs, airways, quality };
  });
}

/** Whatever is below the threshold, and padding. */
function findAllAir(volume: HuSource, padding: BitMask | undefined, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const empty = scratch.own(await volume.threshold({ belowHu: AIR_BELOW_HU, ...control }));
    if (!padding) return scratch.release(empty);
    return combineMasks(empty, padding, { rule: "or", ...control });
  });
}

interface Air {
  readonly lungAir: BitMask | NoLungReason;
  /** Air of the airways with what of their walls is partly air. */
  readonly bronchi: BitMask;
  readonly lumenMl: number;
  readonly carina: Vec3 | undefined;
  readonly leaks: boolean;
}

/** The room where lung may pass for it. Few need it: the body is looked for again, not kept. */
function findCertainRoom(volume: HuSource, padding: BitMask | undefined, control: Control): Promise<BitMask> {
  return withScratch(async (scratch) => {
    const air = scratch.own(await findAllAir(volume, padding, control));
    const body = await findBody(air, control);
    if (!body) throw new HounsfieldError("internal", "the body that was there is not found again");
    for (const mask of [body.tissue, body.enclosed]) scratch.own(mask);
    return findOutside(volume, body, padding, control, CERTAIN_ROOM_BELOW_HU);
  });
}

/** Airways and lungs among the air inside the body; that mask is used up. */
function findAir(
  volume: HuSource,
  innerAir: BitMask,
  candidates: BitMask | undefined,
  bodyX: number,
  control: Control,
): Promise<Air> {
  return withScratch(async (scratch) => {
    scratch.own(innerAir);
    const { lumen, carina, ml: lumenMl, leaks } = await findAirways(volume, innerAir, bodyX, control);
    scratch.own(lumen);
    const bronchi = scratch.own(await withWalls(lumen, control));
    scratch.free(lumen);
    const masks = { airways: bronchi, carinaZ: carina?.[2] };
    const lungAir = candidates
      ? await freeCandidates(volume, candidates, bronchi, control)
      : await findLungAir(volume, { ...masks, innerAir: scratch.release(innerAir) }, control);
    return { lungAir, bronchi: scratch.release(bronchi), lumenMl, carina, leaks };
  });
}

/** Candidates but for the airways' air, for walls and vessels are as whoever drew them had them. */
function freeCandidates(
  volume: HuSource,
  candidates: BitMask,
  bronchi: BitMask,
  control: Control,
): Promise<BitMask | NoLungReason> {
  return withScratch(async (scratch) => {
    const air = scratch.own(await volume.threshold({ belowHu: AIR_BELOW_HU, ...control }));
    const airways = scratch.own(await combineMasks(bronchi, air, { rule: "and", ...control }));
    const lungs = scratch.own(await combineMasks(candidates, airways, { rule: "andNot", ...control }));
    return (await countVoxels(lungs, control)) > 0 ? scratch.release(lungs) : "empty-candidates";
  });
}

function ownedAir(scratch: Scratch, air: Air): Air {
  if (typeof air.lungAir !== "string") scratch.own(air.lungAir);
  scratch.own(air.bronchi);
  return air;
}

function owned(scratch: Scratch, { right, left }: Sides): Sides {
  return { right: scratch.own(right), left: scratch.own(left) };
}

function noLungs({ engine, grid }: HuSource, reason: NoLungReason): Promise<LungParts> {
  return withScratch(async (scratch) => {
    const empty = async () => scratch.own(await allocateMask(engine, grid, "no lungs"));
    const [right, left, airways] = [await empty(), await empty(), await empty()];
    for (const mask of [right, left, airways]) scratch.release(mask);
    return { right, left, airways, quality: { verdict: "no-lungs", reason } };
  });
}

/** Reports one of `total` steps done at each call of `done`, and all of them at `end`. */
function stepCounter({ onProgress }: Control, total: number) {
  let steps = 0;
  const report = () => onProgress?.({ stage: "lung mask", done: steps, total });
  const done = () => {
    steps++;
    report();
  };
  const end = () => {
    steps = total;
    report();
  };
  report();
  return { done, end };
}
