import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { voxelCount } from "../../core/grid.js";
import { oneOf } from "../../core/rules.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { type BitMask, maskRowWords, maskWords } from "../../volume/bit_mask.js";
import { type PacedSlab, runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";
import type { Scratch } from "../scratch.js";
import { checkBinding } from "./check_binding.js";
import { lineInvocations, scanCounts } from "./scan_counts.js";

/** Who is connected: 4 or 8 neighbors within a slice, 6, 18 or 26 in the volume. */
export type Neighbors = 4 | 8 | 6 | 18 | 26;

/**
 * The connected components of a mask, as runs: maximal stretches of set voxels along x, numbered in the order
 * x, y, z. A component is named by its smallest run, so labels depend on nothing but the mask.
 */
export interface RunLabels {
  readonly mask: BitMask;
  /** True where the clear voxels of the mask were labeled instead of the set ones. */
  readonly background: boolean;
  readonly runs: number;
  /** u32 per row of the mask: how many runs are in earlier rows. */
  readonly firstRun: EngineBuffer;
  /** u32 per run: the smallest run of its component. */
  readonly root: EngineBuffer;
}

/** A neighboring row, and whether its columns next to a voxel's own are neighbors too. */
interface NeighborRow {
  readonly dy: number;
  readonly dz: number;
  readonly diagonal: 0 | 1;
}

/**
 * Half of each neighborhood, for the other half is the same pairs; without the row itself, whose neighbors a
 * run joins anyway.
 */
const neighborRows: Readonly<Record<Neighbors, readonly NeighborRow[]>> = {
  4: [{ dy: -1, dz: 0, diagonal: 0 }],
  8: [{ dy: -1, dz: 0, diagonal: 1 }],
  6: [
    { dy: -1, dz: 0, diagonal: 0 },
    { dy: 0, dz: -1, diagonal: 0 },
  ],
  18: [
    { dy: -1, dz: 0, diagonal: 1 },
    { dy: 0, dz: -1, diagonal: 1 },
    { dy: -1, dz: -1, diagonal: 0 },
    { dy: 1, dz: -1, diagonal: 0 },
  ],
  26: [
    { dy: -1, dz: 0, diagonal: 1 },
    { dy: 0, dz: -1, diagonal: 1 },
    { dy: -1, dz: -1, diagonal: 1 },
    { dy: 1, dz: -1, diagonal: 1 },
  ],
};

export const neighborsRule = /* @__PURE__ */ oneOf(4, 8, 6, 18, 26);

/**
 * Labels the components of a mask, or of its background, which is never made; what it allocates is
 * `scratch`'s. Bit-exact. Memory: 4 bytes per row and 4 per run. One value, the number of runs, is read back.
 * @throws HounsfieldError `limit-exceeded` when the mask or the runs exceed one binding, `out-of-memory`
 */
export async function labelRuns(
  scratch: Scratch,
  mask: BitMask,
  { neighbors, background }: { readonly neighbors: Neighbors; readonly background: boolean },
  stage: string,
  control: Control,
): Promise<RunLabels> {
  const { engine, grid } = mask;
  checkCountable(mask);
  const rows = grid.size[1] * grid.size[2];
  const firstRun = scratch.own(await engine.allocate("first runs", rows * 4, "unwritten"));
  const slabs = maskSlabs(mask);
  await runSlabs(engine, slabs, stage, control, (slab) => [
    {
      kernel: "run_count",
      params: maskParams(mask, background, slab),
      bindings: { mask: mask.buffer, runs: firstRun },
      invocations: maskInvocations(mask, slab),
    },
  ]);
  const runs = await scanCounts(engine, firstRun, rows);
  checkBinding(engine, `${runs} runs of voxels`, runs * 4);
  const root = scratch.own(await engine.allocate("run roots", runs * 4, "unwritten"));
  const labels = { mask, background, runs, firstRun, root };
  const everyRun = { params: { runs }, bindings: { parent: root }, invocations: lineInvocations(runs) };
  await engine.run([{ kernel: "run_separate", ...everyRun }]);
  await runSlabs(engine, slabs, stage, control, (slab) => unitePasses(labels, neighbors, slab));
  await engine.run([{ kernel: "run_flatten", ...everyRun }]);
  return labels;
}

/** One pass per neighboring row, so that one kernel serves every neighborhood. */
function unitePasses(labels: RunLabels, neighbors: Neighbors, slab: Slab): Pass[] {
  const { mask, background, firstRun, root } = labels;
  return neighborRows[neighbors].map((near) => ({
    kernel: "run_unite",
    params: { ...maskParams(mask, background, slab), ...near },
    bindings: { mask: mask.buffer, first_run: firstRun, parent: root },
    invocations: maskInvocations(mask, slab),
  }));
}

/** Slabs for kernels that see the whole mask and work on a part of it. */
export function maskSlabs({ engine, grid }: BitMask): PacedSlab[] {
  return slabsOf(engine, grid, maskRowWords(grid) * grid.size[1] * 4);
}

/** The parameters that every kernel over the rows of a labeled mask has. */
export function maskParams({ grid }: BitMask, background: boolean, { z0, z1 }: Slab) {
  const [columns, rows] = grid.size;
  return { columns, rows, first_slice: z0, slices: z1 - z0, complement: background ? 0xffffffff : 0 };
}

/** One a row. */
export function maskInvocations({ grid }: BitMask, { z0, z1 }: Slab): [number, number, number] {
  return [grid.size[1], z1 - z0, 1];
}

/**
 * @throws HounsfieldError `limit-exceeded` unless a mask fits in one binding and its voxels can be counted in
 * 32 bits
 */
export function checkCountable({ engine, grid }: BitMask): void {
  checkBinding(engine, `a mask of ${grid.size.join(" x ")}`, maskWords(grid) * 4);
  if (voxelCount(grid) >= 2 ** 32) {
    throw new HounsfieldError(
      "limit-exceeded",
      `components of ${voxelCount(grid)} voxels cannot be counted in 32 bits`,
      { got: voxelCount(grid), accepted: 2 ** 32 - 1 },
    );
  }
}
