import type { Grid, Vec3 } from "../../core/grid.js";
import { bufferUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { compileFrameKernel, createFrameJob, type FrameJob } from "./frame_kernel.js";

/** Cells of a brick along x, y and z, as shaders/render/common/bricks.wgsl has them. */
const brickCells = [8, 8, 4] as const;

/** The least and greatest HU of a display texture's bricks, by which rays know what they need not look at; made in a frame, where stale. */
export interface Bricks {
  readonly counts: Vec3;
  /** Pairs of f32, x fastest. */
  readonly extremes: GPUBuffer;
  /** Rises when extremes are made anew. */
  readonly version: number;
  /** Slices [z0, z1) of the texture hold something new. */
  mark(z0: number, z1: number): void;
  /** To be waited for before the first `encode`; undefined where there is nothing to wait for. */
  prepare(): Promise<unknown> | undefined;
  encode(encoder: GPUCommandEncoder): void;
  /** Idempotent. */
  destroy(): void;
}

/** Cells lie between voxels' centers; a volume of one voxel along an axis has one all the same. */
export function brickCounts({ size }: Grid): Vec3 {
  const along = (axis: 0 | 1 | 2) => Math.max(1, Math.ceil((size[axis] - 1) / brickCells[axis]));
  return [along(0), along(1), along(2)];
}

export function createBricks({ device, memory }: GpuEngine, grid: Grid, texture: GPUTexture): Bricks {
  const counts = brickCounts(grid);
  const layers = counts[2];
  const bytes = 8 * counts[0] * counts[1] * layers;
  const usage = bufferUsage.storage | bufferUsage.copyDestination;
  const extremes = device.createBuffer({ label: "brick extremes", size: bytes, usage });
  const staleLayers = device.createBuffer({ label: "stale bricks", size: 4 * layers, usage });
  const release = memory.take("brick extremes", bytes + 4 * layers);
  const stale = new Uint32Array(layers).fill(1);
  let job: FrameJob<"brick_extremes"> | undefined;
  let making: Promise<void> | undefined;
  let version = 0;
  let destroyed = false;
  return {
    counts,
    extremes,
    get version() {
      return version;
    },
    mark(z0, z1) {
      const layerOf = (z: number) => Math.min(layers - 1, Math.max(0, Math.floor(z / brickCells[2])));
      // A slice on the border of two layers is of both.
      stale.fill(1, layerOf(z0 - 1), layerOf(z1 - 1) + 1);
    },
    prepare() {
      if (job) return undefined;
      making ??= compileFrameKernel(device, "brick_extremes").then((pipeline) => {
        const resources = { volume: texture.createView(), stale: staleLayers, extremes };
        job = createFrameJob(device, "brick_extremes", pipeline, resources);
        if (destroyed) job.destroy();
      });
      return making;
    },
    encode(encoder) {
      if (!stale.includes(1)) return;
      device.queue.writeBuffer(staleLayers, 0, stale);
      const pass = encoder.beginComputePass({ label: "brick extremes" });
      job?.encode(pass, { bricks: counts }, counts);
      pass.end();
      stale.fill(0);
      version++;
    },
    destroy() {
      destroyed = true;
      extremes.destroy();
      staleLayers.destroy();
      job?.destroy();
      release();
    },
  };
}
