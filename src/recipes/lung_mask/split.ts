import type { Control } from "../../core/control.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { type Component, withListed } from "../../ops/mask/list_components.js";
import { erode } from "../../ops/mask/morphology.js";
import { resampleMask } from "../../ops/resample/resample_mask.js";
import { type Scratch, withScratch } from "../../ops/scratch.js";
import { allocateMask, type BitMask } from "../../volume/bit_mask.js";
import { boxMask } from "./box_mask.js";
import { type FrameSides, shownSide } from "./frame.js";
import { growApart, type Sides } from "./grow_apart.js";
import { boxAround, cropMask } from "./in_box.js";

/**
 * Where the lungs meet, in front of or behind the mediastinum, they join over a few millimeters: the least
 * erosion that parts them is taken.
 */
const erosionsMm = [2, 3, 4.5, 7, 10];

/**
 * The smaller core is at least this part of the larger, as in the Data Science Bowl's winning recipe: a lobe
 * is not a lung.
 */
const LEAST_RATIO = 1 / 4.8;

/** More parts than a lung falls into. */
const MOST_PARTS = 16;

/**
 * The boxes of right and left lung overlap along x by less than this part of the narrower: one lung's lobes
 * lie over each other.
 */
const MOST_OVERLAP = 0.5;

interface Core {
  readonly mask: BitMask;
  readonly component: Component;
}

/** How the sides are told apart where shape does not: axes are LPS, so the right has the lower x. */
export interface Midline {
  /** The middle of the body's box, in voxels. */
  readonly bodyX: number;
  /**
   * The middle of the trachea, where there is one: it says more than the box, in which an arm or a table may
   * be.
   */
  readonly tracheaX: number | undefined;
  /** How much of the room the frame shows at the right and the left; asked only where there is one lung. */
  readonly openSides: () => Promise<FrameSides>;
}

/**
 * Right and left lung of the air of both, disjoint and together all of it. Where only one is found the other
 * is empty: which one it is the trachea says, or the side towards the room where the picture shows one half
 * of the patient.
 */
export async function splitLungs(lungs: BitMask, midline: Midline, control: Control): Promise<Sides> {
  const box = await boxAround(lungs, Math.max(...lungs.grid.spacingMm), control);
  if (!box) return oneLung(lungs, midline, control);
  return withScratch(async (scratch) => {
    const near = scratch.own(await cropMask(lungs, box, control));
    const { bodyX, tracheaX, openSides } = midline;
    const [from] = box.from;
    const there = { bodyX: bodyX - from, tracheaX: tracheaX && tracheaX - from, openSides };
    const sides = await splitInBox(near, there, control);
    scratch.own(sides.right);
    scratch.own(sides.left);
    const right = scratch.own(await resampleMask(sides.right, { onto: lungs.grid, ...control }));
    const left = await resampleMask(sides.left, { onto: lungs.grid, ...control });
    return { right: scratch.release(right), left };
  });
}

function splitInBox(lungs: BitMask, midline: Midline, control: Control): Promise<Sides> {
  return withScratch(async (scratch) => {
    for (const radiusMm of [0, ...erosionsMm]) {
      const pair = await findCores(scratch, lungs, radiusMm, control);
      if (!pair) continue;
      const [right, left] = pair;
      const sides = await growApart(lungs, { right: right.mask, left: left.mask }, radiusMm, control);
      scratch.own(sides.right);
      scratch.own(sides.left);
      const between = (right.component.centroid[0] + left.component.centroid[0]) / 2;
      const border = midline.tracheaX ?? between;
      return assignRest(lungs, sides, border, control);
    }
    return oneLung(lungs, midline, control);
  });
}

/** The two largest parts of the eroded lungs, the right one first, if they are two lungs. */
async function findCores(
  scratch: Scratch,
  lungs: BitMask,
  radiusMm: number,
  control: Control,
): Promise<readonly [Core, Core] | undefined> {
  const eroded =
    radiusMm === 0 ? lungs : scratch.own(await erode(lungs, { shape: "ball", radiusMm, ...control }));
  const list = { maximumComponents: 2, ...control };
  const cores = await withListed(eroded, list, async ({ components: [one, other], keep }) => {
    if (!other || !areTwoLungs(one, other)) return undefined;
    const first = scratch.own(await keep(1));
    const both = scratch.own(await keep(2));
    const second = scratch.own(await combineMasks(both, first, { rule: "andNot", ...control }));
    scratch.free(both);
    const [a, b] = [
      { mask: first, component: one },
      { mask: second, component: other },
    ];
    return one.centroid[0] < other.centroid[0] ? ([a, b] as const) : ([b, a] as const);
  });
  if (eroded !== lungs) scratch.free(eroded);
  return cores;
}

/** `a` is the larger. */
function areTwoLungs(a: Component, b: Component): boolean {
  const width = ({ minimum, maximum }: Component) => maximum[0] - minimum[0] + 1;
  const shared = Math.min(a.maximum[0], b.maximum[0]) - Math.max(a.minimum[0], b.minimum[0]) + 1;
  return b.voxels >= LEAST_RATIO * a.voxels && shared < MOST_OVERLAP * Math.min(width(a), width(b));
}

/** What is joined to neither core goes to the side it lies on. */
async function assignRest(
  lungs: BitMask,
  { right, left }: Sides,
  border: number,
  control: Control,
): Promise<Sides> {
  return withScratch(async (scratch) => {
    const notRight = scratch.own(await combineMasks(lungs, right, { rule: "andNot", ...control }));
    const rest = scratch.own(await combineMasks(notRight, left, { rule: "andNot", ...control }));
    const [nx, ny, nz] = lungs.grid.size;
    const last = Math.min(nx - 1, Math.max(0, Math.floor(border)));
    const rightHalf = scratch.own(await boxMask(lungs, [0, 0, 0], [last, ny - 1, nz - 1]));
    const restRight = scratch.own(await combineMasks(rest, rightHalf, { rule: "and", ...control }));
    const restLeft = scratch.own(await combineMasks(rest, rightHalf, { rule: "andNot", ...control }));
    const allRight = scratch.own(await combineMasks(right, restRight, { rule: "or", ...control }));
    const allLeft = await combineMasks(left, restLeft, { rule: "or", ...control });
    return { right: scratch.release(allRight), left: allLeft };
  });
}

/** All on the side that its largest part lies on, but for parts wholly beyond the trachea. */
async function oneLung(lungs: BitMask, midline: Midline, control: Control): Promise<Sides> {
  const { bodyX, tracheaX, openSides } = midline;
  const list = { maximumComponents: MOST_PARTS, ...control };
  return withListed(lungs, list, ({ components, keep }) =>
    withScratch(async (scratch) => {
      let other = scratch.own(await allocateMask(lungs.engine, lungs.grid, "no lung"));
      let all = scratch.own(await combineMasks(lungs, other, { rule: "or", ...control }));
      const [largest, ...rest] = components;
      const isLeft = largest ? await isLeftLung(largest) : false;
      const isBeyond = ({ minimum, maximum }: Component) =>
        tracheaX !== undefined && (isLeft ? maximum[0] < tracheaX : minimum[0] > tracheaX);
      for (const [i, part] of rest.entries()) {
        if (!isBeyond(part)) continue;
        const [upTo, before] = [scratch.own(await keep(i + 2)), scratch.own(await keep(i + 1))];
        const one = scratch.own(await combineMasks(upTo, before, { rule: "andNot", ...control }));
        other = scratch.own(await combineMasks(other, one, { rule: "or", ...control }));
        all = scratch.own(await combineMasks(all, one, { rule: "andNot", ...control }));
      }
      scratch.release(other);
      scratch.release(all);
      return isLeft ? { right: other, left: all } : { right: all, left: other };
    }),
  );

  async function isLeftLung({ centroid }: Component): Promise<boolean> {
    const sides = await openSides();
    const sure = shownSide(sides, "sure");
    if (sure) return sure === "left";
    if (tracheaX !== undefined) return centroid[0] > tracheaX;
    const probable = shownSide(sides, "probable");
    return probable ? probable === "left" : centroid[0] > bodyX;
  }
}
