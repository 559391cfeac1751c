import type { Control } from "../../core/control.js";
import type { Grid } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { atLeast, controlRules } from "../../core/rules.js";
import type { VoxelBox } from "../../core/voxel_box.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";
import { progressInParts } from "../progress_parts.js";
import { withScratch } from "../scratch.js";
import { type SlabStream, streamSlabs, type ValueSlab } from "../stream_slabs.js";
import { boundingBox } from "./bounding_box.js";

/** Options of distanceSlabs. */
export interface DistanceOptions {
  /**
   * Voxels farther away than this are not told apart: their distance is Infinity. Then only the mask's box,
   * grown by so much, costs.
   */
  readonly maximumMm?: number;
}

/**
 * The Euclidean distance in mm from each voxel's center to the nearest center of a set voxel: 0 in the mask,
 * Infinity beyond `maximumMm`, and everywhere if the mask is empty. Slabs by ascending z. Exact but for
 * float32 arithmetic: within 1e-4 mm. Distances to the clear voxels are those of the inverted mask. Memory: 2
 * bytes a voxel, and 16 a voxel of a slab.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function* distanceSlabs(
  mask: BitMask,
  options: DistanceOptions & Control = {},
): AsyncGenerator<ValueSlab<Float32Array>> {
  checkMask("distanceSlabs", mask);
  const { maximumMm = Number.POSITIVE_INFINITY, ...control } = checkOptions("distanceSlabs", options, {
    ...controlRules,
    maximumMm: atLeast(0),
  });
  const { engine, grid } = mask;
  const box = await nearBox(mask, maximumMm, control);
  const [columns, rows] = grid.size;
  // Before anything is held: it throws where a device is too small.
  const slabs = lineSlabs(mask);
  const steps = await sweepSlices(mask, maximumMm, control);
  const voxels = columns * rows * slabs[0].z1;
  const scratch: EngineBuffer[] = [steps];
  try {
    const squares = await engine.allocate("distance squares", voxels * 4);
    scratch.push(squares);
    const envelope = await engine.allocate("distance envelopes", voxels * 8);
    scratch.push(envelope);
    const stream = lineStream(grid, box, maximumMm, { steps, squares, envelope });
    yield* streamSlabs(engine, slabs, stream, control);
  } finally {
    for (const buffer of scratch) buffer.destroy();
  }
}

/** What may be within `maximumMm` of a set voxel, along each axis; empty for an empty mask. */
async function nearBox(mask: BitMask, maximumMm: number, { signal }: Control): Promise<VoxelBox> {
  const { size, spacingMm } = mask.grid;
  const box = await boundingBox(mask, { signal });
  if (!box) return { from: [0, 0, 0], to: [0, 0, 0] };
  const [x, y, z] = spacingMm.map((mm, axis) => {
    const reach = Math.ceil(Math.min(maximumMm / mm, size[axis]));
    return [Math.max(0, box.from[axis] - reach), Math.min(size[axis], box.to[axis] + reach)];
  });
  return { from: [x[0], y[0], z[0]], to: [x[1], y[1], z[1]] };
}

/** Far beyond the square of any distance in a patient, and far within float32. */
const NOWHERE = 1e30;

/**
 * Slices to the nearest set voxel of the same column, as distance_sweep.wgsl has them; the caller's to
 * destroy.
 */
function sweepSlices(mask: BitMask, maximumMm: number, control: Control): Promise<EngineBuffer> {
  const { engine, grid } = mask;
  const [columns, rows, depth] = grid.size;
  const farthest = Math.min(65534, Math.floor((maximumMm / grid.spacingMm[2]) * (1 + 1e-6)));
  const stage = "distance";
  return withScratch(async (scratch) => {
    const sliceBytes = sliceWords(grid) * 4;
    const steps = scratch.own(await engine.allocate("slices away", sliceBytes * depth, "zeroed", sliceBytes));
    // One more slice than the slab's is seen.
    const slabs = slabsOf(engine, grid, sliceWords(grid) * 4 * 2);
    const sweep = (back: boolean, { z0, z1 }: Slab): Pass[] => {
      const resumed = back ? z1 < depth : z0 > 0;
      const [low, high] = [!back && resumed ? z0 - 1 : z0, back && resumed ? z1 + 1 : z1];
      const source = sliceRange(mask.buffer, maskRowWords(grid) * rows, z0, z1);
      const target = sliceRange(steps, sliceWords(grid), low, high);
      return [
        {
          kernel: "distance_sweep",
          params: {
            columns,
            rows,
            slices: z1 - z0,
            lead: z0 - low,
            back: back ? 1 : 0,
            resumed: resumed ? 1 : 0,
            farthest,
            mask_word: source.firstWord,
            steps_word: target.firstWord,
          },
          bindings: { mask: source.range, steps: target.range },
          invocations: [Math.ceil(columns / 2), rows, 1],
        },
      ];
    };
    const inParts = progressInParts(control, 2);
    await runSlabs(engine, slabs, stage, inParts, (slab) => sweep(false, slab));
    await runSlabs(engine, [...slabs].reverse(), stage, inParts, (slab) => sweep(true, slab));
    return scratch.release(steps);
  });
}

/** The lines of 2^24 voxels keep a large device busy; more would take more memory, 16 bytes each. */
const MOST_LINE_VOXELS = 2 ** 24;

function lineSlabs({ engine, grid }: BitMask): Slab[] {
  const [columns, rows, slices] = grid.size;
  const [{ z1 }] = slabsOf(engine, grid, columns * rows * 8);
  const depth = Math.min(z1, Math.max(1, Math.floor(MOST_LINE_VOXELS / (columns * rows))));
  return Array.from({ length: Math.ceil(slices / depth) }, (_, i) => ({
    z0: i * depth,
    z1: Math.min(slices, (i + 1) * depth),
  }));
}

interface LineBuffers {
  readonly steps: EngineBuffer;
  readonly squares: EngineBuffer;
  readonly envelope: EngineBuffer;
}

function lineStream(
  grid: Grid,
  { from, to }: VoxelBox,
  maximumMm: number,
  { steps, squares, envelope }: LineBuffers,
): SlabStream<Float32Array> {
  const [columns, rows] = grid.size;
  const [wx, wy, wz] = grid.spacingMm.map((mm) => mm * mm);
  // A distance of just the maximum, such as 3 spacings of 0.1 mm, is not beyond it.
  const most = Math.min(maximumMm ** 2 * (1 + 1e-6), NOWHERE / 2);
  const [wide, high] = [to[0] - from[0], to[1] - from[1]];
  const acrossRows = { inner: wide, inner_step: 1, length: high, step: columns, weight: wy };
  const alongRows = { inner: high, inner_step: columns, length: wide, step: 1, weight: wx };
  return {
    stage: "read distances",
    bytesOf: ({ z0, z1 }) => columns * rows * (z1 - z0) * 4,
    passesOf: ({ z0, z1 }, output) => {
      const slices = z1 - z0;
      const source = sliceRange(steps, sliceWords(grid), z0, z1);
      const squared: Pass = {
        kernel: "distance_square",
        params: { columns, rows, slices, steps_word: source.firstWord, weight: wz, nowhere: NOWHERE },
        bindings: { steps: source.range, squares: output },
        invocations: [columns, rows, slices],
      };
      if (z0 >= to[2] || z1 <= from[2]) return [squared];
      const first = from[1] * columns + from[0];
      const lines = { first, outer: slices, outer_step: columns * rows, most, nowhere: NOWHERE };
      return [
        squared,
        {
          kernel: "distance_line",
          params: { ...lines, ...acrossRows },
          bindings: { squares: output, envelope, reached: squares },
          invocations: [wide, slices, 1],
        },
        {
          kernel: "distance_line",
          params: { ...lines, ...alongRows },
          bindings: { squares, envelope, reached: output },
          invocations: [high, slices, 1],
        },
      ];
    },
    valuesOf: (memory, { z0, z1 }) => rootsOf(new Float32Array(memory, 0, columns * rows * (z1 - z0))),
  };
}

/** In place. Rounded once, from float64. */
function rootsOf(squares: Float32Array): Float32Array {
  for (let i = 0; i < squares.length; i++) {
    squares[i] = squares[i] < NOWHERE / 2 ? Math.sqrt(squares[i]) : Number.POSITIVE_INFINITY;
  }
  return squares;
}
