import { checkGrid } from "../../core/check_grid.js";
import type { Control } from "../../core/control.js";
import { rowPitch } from "../../core/frame.js";
import { type Grid, voxelCount } from "../../core/grid.js";
import { checkOptions, invalidOption, type Rule } from "../../core/options.js";
import { anything, controlRules, required } from "../../core/rules.js";
import { isVoxelArray, type VoxelArray } from "../../core/voxel_array.js";
import type { Engine } from "../../engine/engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkEngine, maskRule } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOfArrays } from "../../volume/history.js";
import { allocateLabels, type LabelVolume } from "../../volume/label_volume.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";

/** The largest label. */
const MOST = 65535;

/** A mask, and the label of its voxels. */
export interface MaskOfLabel {
  readonly mask: BitMask;
  /** 1 to 65535. */
  readonly label: number;
}

/** What createLabels makes labels of: numbers, or masks. */
export interface LabelContents {
  /** Where the voxels lie, LPS; that of a volume, `volume.grid`, for labels of its voxels. */
  readonly grid: Grid;
  /** A whole number a voxel, 0 to 65535, dense, z, y, x (x fastest): a label map of a file or of a model. */
  readonly data?: VoxelArray;
  /** In place of `data`: masks on that grid; where two have a voxel, the later one's label stays. */
  readonly masks?: readonly MaskOfLabel[];
}

const labeledMasks: Rule = (masks) =>
  Array.isArray(masks) && masks.every((one) => maskRule(one?.mask) === undefined && isLabel(one.label))
    ? undefined
    : "a list of { mask, label }, labels of 1 to 65535";

const numbers: Rule = (data) => (isVoxelArray(data) ? undefined : "a typed array of numbers");

/**
 * A label volume of numbers that somebody else has, which are copied, or of masks, on the device. Progress of
 * masks counts those, stage "labels".
 * @throws HounsfieldError `invalid-option`, for a number that is no label too; `wrong-grid`, `wrong-engine`,
 * `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function createLabels(engine: Engine, options: LabelContents & Control): Promise<LabelVolume> {
  checkEngine("createLabels", engine);
  const { grid, data, masks, signal, onProgress } = checkOptions("createLabels", options, {
    ...controlRules,
    grid: required(anything),
    data: numbers,
    masks: labeledMasks,
  });
  checkGrid("createLabels", "grid", grid);
  if (data && masks) throw invalidOption("createLabels", "masks", masks, "nothing beside data");
  signal?.throwIfAborted();
  const where = { engine, grid };
  for (const [i, { mask }] of (masks ?? []).entries()) checkInputs({ grid: where, [`masks[${i}]`]: mask });
  return withScratch(async (scratch) => {
    const labels = scratch.own(await allocateLabels(engine, grid));
    if (data) writeNumbers(labels, data);
    for (const [i, one] of (masks ?? []).entries()) {
      await paint(labels, one, { signal });
      onProgress?.({ stage: "labels", done: i + 1, total: masks?.length ?? 0 });
    }
    const given = { labels: masks?.map(({ label }) => label) };
    return scratch.release(labels).withHistory(historyOfArrays(engine, "createLabels", given));
  });
}

function isLabel(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST;
}

/** Slice after slice: in memory is one. */
function writeNumbers({ engine, grid, buffer }: LabelVolume, data: VoxelArray): void {
  const count = voxelCount(grid);
  if (data.length !== count)
    throw invalidOption("createLabels", "data.length", data.length, `${count}, as the grid has voxels`);
  const [nx, ny, nz] = grid.size;
  const pitch = rowPitch(nx);
  for (let z = 0; z < nz; z++) {
    const record = new Uint16Array(pitch * ny);
    for (let y = 0; y < ny; y++) {
      const start = (z * ny + y) * nx;
      for (let x = 0; x < nx; x++) {
        const value = data[start + x];
        if (value !== 0 && !isLabel(value))
          throw invalidOption("createLabels", `data[${start + x}]`, value, `a whole number of 0 to ${MOST}`);
        record[y * pitch + x] = value;
      }
    }
    engine.write(buffer, z * record.byteLength, record);
  }
}

async function paint(labels: LabelVolume, { mask, label }: MaskOfLabel, control: Control): Promise<void> {
  const { engine, grid, buffer } = labels;
  const [columns, rows] = grid.size;
  const slabs = slabsOf(engine, grid, sliceWords(grid) * 4);
  await runSlabs(engine, slabs, "labels", control, ({ z0, z1 }) => {
    const bits = sliceRange(mask.buffer, maskRowWords(grid) * rows, z0, z1);
    const target = sliceRange(buffer, sliceWords(grid), z0, z1);
    return [
      {
        kernel: "label_paint",
        params: { columns, rows, label, mask_word: bits.firstWord, out_word: target.firstWord },
        bindings: { mask: bits.range, labels: target.range },
        invocations: [rowWords(grid), rows, z1 - z0],
      },
    ];
  });
}
