import type { Grid } from "../../../core/grid.js";
import { bufferUsage } from "../../../engine/gpu/constants.js";
import type { GpuEngine } from "../../../engine/gpu/gpu_engine.js";
import { notPrepared } from "../../frame/lazily.js";
import type { BrickLevel, Bricks } from "../../texture/bricks.js";
import { compileFrameKernel, createFrameJob, type FrameJob } from "../../texture/frame_kernel.js";
import type { Rays } from "../rays.js";
import { TILE_PX, TILE_SEGMENTS, type TileGeometry } from "./tile_geometry.js";

/**
 * For each tile of a picture, the parts of its rays by what can be in them at most: how extremes along rays
 * are found with few samples.
 */
export interface TileTable {
  /** Of the largest picture so far. */
  readonly buffer: GPUBuffer | undefined;
  /** To be waited for before the first `encode`; undefined where there is nothing to wait for. */
  prepare(): Promise<unknown> | undefined;
  /** Makes room; nothing where there is some already. */
  reserve(geometry: TileGeometry): void;
  encode(encoder: GPUCommandEncoder, rays: Rays, geometry: TileGeometry, mirrored: boolean): void;
  /** Idempotent. */
  destroy(): void;
}

interface Table {
  readonly buffer: GPUBuffer;
  /** By the level of bricks. */
  readonly splats: readonly FrameJob<"tile_splat">[];
  readonly sort: FrameJob<"tile_sort">;
  destroy(): void;
}

export function createTileTable({ device, memory }: GpuEngine, grid: Grid, bricks: Bricks): TileTable {
  let pipelines: readonly GPUComputePipeline[] | undefined;
  let making: Promise<void> | undefined;
  let table: Table | undefined;
  const bytesOf = ({ columns, rows }: TileGeometry) => 4 * TILE_SEGMENTS * columns * rows;
  const make = (size: number): Table => {
    if (!pipelines) throw notPrepared("the tile table");
    const usage = bufferUsage.storage | bufferUsage.copyDestination;
    const buffer = device.createBuffer({ label: "tile table", size, usage });
    const release = memory.take("tile table", size);
    const [splatting] = pipelines;
    const splats = bricks.levels.map(({ extremes }) =>
      createFrameJob(device, "tile_splat", splatting, { extremes, tiles: buffer }),
    );
    const sort = createFrameJob(device, "tile_sort", pipelines[1], { tiles: buffer });
    const destroy = () => {
      for (const one of [buffer, ...splats, sort]) one.destroy();
      release();
    };
    return { buffer, splats, sort, destroy };
  };
  return {
    get buffer() {
      return table?.buffer;
    },
    prepare() {
      if (pipelines) return undefined;
      const names = ["tile_splat", "tile_sort"] as const;
      making ??= Promise.all(names.map((name) => compileFrameKernel(device, name))).then((made) => {
        pipelines = made;
      });
      return making;
    },
    reserve(geometry) {
      if (table && table.buffer.size >= bytesOf(geometry)) return;
      table?.destroy();
      table = make(bytesOf(geometry));
    },
    encode(encoder, rays, geometry, mirrored) {
      if (!table) return;
      const { columns, rows } = geometry;
      const level = levelFor(grid, bricks, rays);
      const { counts } = bricks.levels[level];
      encoder.clearBuffer(table.buffer, 0, bytesOf(geometry));
      const pass = encoder.beginComputePass({ label: "tile table" });
      const params = splatParams(grid, bricks.levels[level], rays, geometry, mirrored);
      table.splats[level].encode(pass, params, counts);
      table.sort.encode(pass, { tiles: columns * rows }, [columns * rows]);
      pass.end();
    },
    destroy() {
      table?.destroy();
      table = undefined;
    },
  };
}

/**
 * Bricks much smaller than what a tile sees of the volume cost time and bound its rays no better: on a rough
 * picture, or of a volume that is far away.
 */
function levelFor({ spacingMm }: Grid, bricks: Bricks, { pixel_mm }: Rays): 0 | 1 {
  const tileMm = TILE_PX * pixel_mm;
  const brickMm = bricks.levels[0].cells[0] * Math.min(spacingMm[0], spacingMm[1]);
  return tileMm > 2 * brickMm ? 1 : 0;
}

function splatParams(
  { size }: Grid,
  { counts, cells }: BrickLevel,
  { pixel_mm, eye_mm, step_mm, middle_px }: Rays,
  geometry: TileGeometry,
  mirrored: boolean,
) {
  const { columns, rows, firstSample, segmentSamples, origin, toRight, toDown, toDepth } = geometry;
  return {
    to_right: toRight,
    pixel_mm,
    to_down: toDown,
    eye_mm,
    to_depth: toDepth,
    step_mm,
    origin,
    first_sample: firstSample,
    middle_px,
    segment_samples: segmentSamples,
    mirrored: mirrored ? 1 : 0,
    bricks: counts,
    tile_columns: columns,
    voxels: size,
    tile_rows: rows,
    cells,
  };
}
