import type { Control } from "../../core/control.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { type Component, listComponents, withListed } from "../../ops/mask/list_components.js";
import { erode } from "../../ops/mask/morphology.js";
import { resampleMask } from "../../ops/resample/resample_mask.js";
import { type Scratch, withScratch } from "../../ops/scratch.js";
import { type BitMask, createMask } from "../../volume/bit_mask.js";
import { boxMask } from "./box_mask.js";
import { growApart, type Sides } from "./grow_apart.js";
import { boxAround, cropMask } from "./in_box.js";

/** Where the lungs meet, in front of or behind the mediastinum, they join over a few millimetres: the least erosion that parts them is taken. */
const erosionsMm = [2, 3, 4.5, 7, 10];

/** The smaller core is at least this part of the larger, as in the Data Science Bowl's winning recipe: a lobe is not a lung. */
const leastRatio = 1 / 4.8;

/** The boxes of right and left lung overlap along x by less than this part of the narrower: one lung's lobes lie over each other. */
const mostOverlap = 0.5;

interface Core {
  readonly mask: BitMask;
  readonly component: Component;
}

/**
 * Right and left lung of the air of both, disjoint and together all of it; axes are LPS, so the right has the lower x. Where only one is found
 * the other is empty.
 */
export async function splitLungs(lungs: BitMask, middleX: number, control: Control): Promise<Sides> {
  const box = await boxAround(lungs, Math.max(...lungs.grid.spacingMm), control);
  if (!box) return oneLung(lungs, middleX, control);
  return withScratch(async (scratch) => {
    const near = scratch.own(await cropMask(lungs, box, control));
    const sides = await splitInBox(near, middleX - box.from[0], control);
    scratch.own(sides.right);
    scratch.own(sides.left);
    const right = scratch.own(await resampleMask(sides.right, { onto: lungs.grid, ...control }));
    const left = await resampleMask(sides.left, { onto: lungs.grid, ...control });
    return { right: scratch.release(right), left };
  });
}

function splitInBox(lungs: BitMask, middleX: number, control: Control): Promise<Sides> {
  return withScratch(async (scratch) => {
    for (const radiusMm of [0, ...erosionsMm]) {
      const pair = await findCores(scratch, lungs, radiusMm, control);
      if (!pair) continue;
      const [right, left] = pair;
      const sides = await growApart(lungs, { right: right.mask, left: left.mask }, radiusMm, control);
      scratch.own(sides.right);
      scratch.own(sides.left);
      const border = (right.component.centroid[0] + left.component.centroid[0]) / 2;
      return assignRest(lungs, sides, border, control);
    }
    return oneLung(lungs, middleX, control);
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
  return b.voxels >= leastRatio * a.voxels && shared < mostOverlap * Math.min(width(a), width(b));
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

/** All on the side of the body that its middle lies on. */
async function oneLung(lungs: BitMask, middleX: number, control: Control): Promise<Sides> {
  return withScratch(async (scratch) => {
    const none = scratch.own(await createMask(lungs.engine, lungs.grid, "no lung"));
    const all = scratch.own(await combineMasks(lungs, none, { rule: "or", ...control }));
    const { components } = await listComponents(lungs, { maximumComponents: 1, ...control });
    scratch.release(none);
    scratch.release(all);
    const isLeft = components.length > 0 && components[0].centroid[0] > middleX;
    return isLeft ? { right: none, left: all } : { right: all, left: none };
  });
}
