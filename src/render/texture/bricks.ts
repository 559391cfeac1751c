import type { Grid, Vec3 } from "../../core/grid.js";
import { bufferUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { compileFrameKernel, createFrameJob, type FrameJob } from "./frame_kernel.js";

/** Cells of a brick along x, y and z, as shaders/render/common/bricks.wgsl has them. */
const brickCells = [8, 8, 4] as const;
/** Of large bricks: shaders/render/frame/brick_pair.wgsl joins two along each axis. */
const largeCells = [16, 16, 8] as const;
const BYTES_PER_PAIR = 8;

/** Blocks of so many cells along x, y and z, and the extremes of each: pairs of f32, x fastest. */
export interface BrickLevel {
  readonly cells: Vec3;
  readonly counts: Vec3;
  readonly extremes: GPUBuffer;
}

/**
 * The least and greatest HU of a display texture's bricks, by which rays know what they need not look at;
 * made in a frame, where stale, of those of each slice's part of a brick, which whoever packs the texture's
 * slices finds on the way (shaders/render/common/display_pack.wgsl).
 */
export interface Bricks {
  readonly counts: Vec3;
  /** Pairs of f32, x fastest. */
  readonly extremes: GPUBuffer;
  /**
   * The bricks themselves, and those twice as long along each axis: an eighth of the work where pixels are
   * large.
   */
  readonly levels: readonly [BrickLevel, BrickLevel];
  /** Rises when extremes are made anew. */
  readonly version: number;
  /**
   * Slices [z0, z1) of the texture are about to hold what `found` tells of: f32 pairs less the display's
   * offset, `counts[0] * counts[1]` a slice, `depth` slices, as often as they fit. To be encoded with the
   * texture's own copy.
   */
  encodeSlices(encoder: GPUCommandEncoder, found: GPUBuffer, z0: number, z1: number, depth: number): void;
  /** Slices [z0, z1) are about to hold one value, less the display's offset. */
  level(z0: number, z1: number, value: number): void;
  /** To be waited for before the first `encode`; undefined where there is nothing to wait for. */
  prepare(): Promise<unknown> | undefined;
  encode(encoder: GPUCommandEncoder): void;
  /** Idempotent. */
  destroy(): void;
}

/** Bytes needed for the per-slice extremes of `slices` slices. */
export function foundBytes({ counts }: Bricks, slices: number): number {
  return BYTES_PER_PAIR * counts[0] * counts[1] * slices;
}

/** Cells lie between voxels' centers; a volume of one voxel along an axis has one all the same. */
export function brickCounts({ size }: Grid): Vec3 {
  const along = (axis: 0 | 1 | 2) => Math.max(1, Math.ceil((size[axis] - 1) / brickCells[axis]));
  return [along(0), along(1), along(2)];
}

export function createBricks({ device, memory }: GpuEngine, grid: Grid): Bricks {
  const counts = brickCounts(grid);
  const [columns, rows, layers] = counts;
  const [wide, high, deep] = counts.map((count) => Math.ceil(count / 2));
  const largeCounts: Vec3 = [wide, high, deep];
  const slices = grid.size[2];
  const sliceBytes = BYTES_PER_PAIR * columns * rows;
  const usage = bufferUsage.storage | bufferUsage.copyDestination;
  const storage = (label: string, size: number) => device.createBuffer({ label, size, usage });
  const extremes = storage("brick extremes", sliceBytes * layers);
  const ofSlices = storage("brick extremes of slices", sliceBytes * slices);
  const largeExtremes = storage("large brick extremes", BYTES_PER_PAIR * wide * high * deep);
  const staleLayers = storage("stale bricks", 4 * layers);
  const bytes = [extremes, ofSlices, largeExtremes, staleLayers].reduce((sum, { size }) => sum + size, 0);
  const release = memory.take("brick extremes", bytes);
  const stale = new Uint32Array(layers).fill(1);
  let jobs: { readonly make: FrameJob<"brick_extremes">; readonly pair: FrameJob<"brick_pair"> } | undefined;
  let making: Promise<void> | undefined;
  let version = 0;
  let destroyed = false;
  const mark = (z0: number, z1: number) => {
    const layerOf = (z: number) => Math.min(layers - 1, Math.max(0, Math.floor(z / brickCells[2])));
    // A slice on the border of two layers is of both.
    stale.fill(1, layerOf(z0 - 1), layerOf(z1 - 1) + 1);
  };
  return {
    counts,
    extremes,
    levels: [
      { cells: brickCells, counts, extremes },
      { cells: largeCells, counts: largeCounts, extremes: largeExtremes },
    ],
    get version() {
      return version;
    },
    encodeSlices(encoder, found, z0, z1, depth) {
      for (let z = z0; z < z1; z += depth)
        encoder.copyBufferToBuffer(found, 0, ofSlices, z * sliceBytes, depth * sliceBytes);
      mark(z0, z1);
    },
    level(z0, z1, value) {
      const one = new Float32Array(sliceBytes / 4).fill(value);
      for (let z = z0; z < z1; z++) device.queue.writeBuffer(ofSlices, z * sliceBytes, one);
      mark(z0, z1);
    },
    prepare() {
      if (jobs) return undefined;
      const names = ["brick_extremes", "brick_pair"] as const;
      making ??= Promise.all(names.map((name) => compileFrameKernel(device, name))).then(([make, pair]) => {
        const sliced = { slice_extremes: ofSlices, stale: staleLayers, extremes };
        jobs = {
          make: createFrameJob(device, "brick_extremes", make, sliced),
          pair: createFrameJob(device, "brick_pair", pair, { extremes, large_extremes: largeExtremes }),
        };
        if (destroyed) for (const job of Object.values(jobs)) job.destroy();
      });
      return making;
    },
    encode(encoder) {
      if (!stale.includes(1)) return;
      device.queue.writeBuffer(staleLayers, 0, stale);
      const pass = encoder.beginComputePass({ label: "brick extremes" });
      jobs?.make.encode(pass, { bricks: counts, slices }, counts);
      jobs?.pair.encode(pass, { bricks: counts, large_bricks: largeCounts }, largeCounts);
      pass.end();
      stale.fill(0);
      version++;
    },
    destroy() {
      destroyed = true;
      for (const buffer of [extremes, ofSlices, largeExtremes, staleLayers]) buffer.destroy();
      for (const job of Object.values(jobs ?? {})) job.destroy();
      release();
    },
  };
}
