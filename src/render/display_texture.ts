import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import type { EngineBuffer, Pass } from "../engine/engine.js";
import { textureUsage } from "../engine/gpu/constants.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";
import { type CtVolume, sliceRange, sliceWords } from "../volume/ct_volume.js";
import { gpuEngineOf } from "./gpu_engine_of.js";
import { type Bricks, createBricks, foundBytes } from "./skip/bricks.js";

/** What views draw from: a filterable 3D texture of HU - 1024, derived from the volume of record and free to be dropped and made again. */
export interface DisplayTexture {
  readonly engine: GpuEngine;
  readonly grid: Grid;
  readonly texture: GPUTexture;
  /** What its parts hold at most, for rays. */
  readonly bricks: Bricks;
  /** Takes over slices [z0, z1) of the volume anew, or slice `standIn` in the place of all of them. */
  update(z0: number, z1: number, standIn?: number): Promise<void>;
  /** Makes slices [z0, z1) air: what a texture holds before its voxels would show as bone. */
  clear(z0: number, z1: number): void;
  /** Idempotent. */
  destroy(): void;
}

export type DisplayFormat = "r16float" | "r32float";

const bytesPerTexel = { r16float: 2, r32float: 4 } as const;
/** `copyBufferToTexture` wants rows to start on multiples of it (WebGPU 22.5.2). */
const rowAlignment = 256;
/** Small beside any volume, large enough that the passes, not their number, take the time. */
const stagingBytes = 4 * 2 ** 20;

export interface DisplayTextureOptions {
  /**
   * r16float: 2 bytes a voxel, exact for -1024..3071 HU, filtered by every device. r32float: 4 bytes, exact, where the device has
   * `float32-filterable`. Unless told, r16float on GPUs and r32float on software adapters, which are faster with it.
   */
  readonly format?: DisplayFormat;
  /** Nothing yet, to be filled by `update` and `clear`: for a volume that is still being loaded. */
  readonly empty?: boolean;
}

/**
 * Makes the display texture of a volume on the GPU, slab by slab; no voxel passes the CPU.
 * Throws `limit-exceeded`, `out-of-memory`, `device-lost`; `invalid-option` for a format that the device cannot filter.
 */
export async function createDisplayTexture(
  volume: CtVolume,
  options: DisplayTextureOptions = {},
): Promise<DisplayTexture> {
  const engine = gpuEngineOf(volume.engine);
  const { grid } = volume;
  const format = displayFormat(engine, options.format);
  const texture = await allocateTexture(engine, grid, format);
  const release = engine.memory.take("display texture", texelBytes(grid, format));
  const bricks = createBricks(engine, grid);
  const destroy = () => {
    bricks.destroy();
    texture.destroy();
    release();
  };
  const target: Target = { texture, format, bricks };
  const update = (z0: number, z1: number, standIn?: number) =>
    standIn === undefined
      ? fillTexture(engine, volume, target, z0, z1)
      : repeatSlice(engine, volume, target, standIn, z0, z1);
  const clear = (z0: number, z1: number) => clearToAir(engine.device, target, z0, z1);
  try {
    if (!options.empty) await update(0, grid.size[2]);
  } catch (error) {
    destroy();
    throw error;
  }
  return { engine, grid, texture, bricks, update, clear, destroy };
}

/** The one place that chooses: half floats filter on every device; SwiftShader samples them three times slower than whole ones. */
function displayFormat({ adapter, device }: GpuEngine, asked?: DisplayFormat): DisplayFormat {
  const filtersWhole = device.features.has("float32-filterable");
  if (asked === "r32float" && !filtersWhole) {
    throw new HounsfieldError(
      "invalid-option",
      "display format: got r32float, this device filters r16float only",
      {
        got: asked,
        accepted: ["r16float"],
      },
    );
  }
  return asked ?? (adapter.software && filtersWhole ? "r32float" : "r16float");
}

function texelBytes(grid: Grid, format: DisplayFormat): number {
  return grid.size[0] * grid.size[1] * grid.size[2] * bytesPerTexel[format];
}

async function allocateTexture(engine: GpuEngine, grid: Grid, format: DisplayFormat): Promise<GPUTexture> {
  const { device } = engine;
  const most = device.limits.maxTextureDimension3D;
  if (grid.size.some((count) => count > most)) {
    throw new HounsfieldError(
      "limit-exceeded",
      `a volume of ${grid.size.join(" x ")} voxels cannot be drawn: the device's 3D textures take ${most} along an edge`,
      { got: grid.size, accepted: most },
    );
  }
  device.pushErrorScope("out-of-memory");
  const texture = device.createTexture({
    label: "display texture",
    dimension: "3d",
    size: [...grid.size],
    format,
    usage: textureUsage.textureBinding | textureUsage.copyDestination | textureUsage.renderAttachment,
  });
  const error = await device.popErrorScope();
  if (!error) return texture;
  texture.destroy();
  const got = texelBytes(grid, format);
  throw new HounsfieldError(
    "out-of-memory",
    `the device has no ${got} bytes for the display texture`,
    { got },
    error,
  );
}

interface Target {
  readonly texture: GPUTexture;
  readonly format: DisplayFormat;
  /** Told in the submit in which slices are written: no frame comes between. */
  readonly bricks: Bricks;
}

function clearToAir(device: GPUDevice, { texture, bricks }: Target, z0: number, z1: number): void {
  const airHu = -1024;
  const displayOffsetHu = 1024;
  const air = airHu - displayOffsetHu;
  const clearValue = [air, 0, 0, 0];
  bricks.level(z0, z1, air);
  const encoder = device.createCommandEncoder();
  const view = texture.createView();
  for (let depthSlice = z0; depthSlice < z1; depthSlice++) {
    encoder
      .beginRenderPass({
        colorAttachments: [{ view, depthSlice, loadOp: "clear", storeOp: "store", clearValue }],
      })
      .end();
  }
  device.queue.submit([encoder.finish()]);
}

/** Packs one slice and copies it to several places: an eighth of the work of packing each. */
async function repeatSlice(
  engine: GpuEngine,
  volume: CtVolume,
  { texture, format, bricks }: Target,
  z: number,
  z0: number,
  z1: number,
): Promise<void> {
  const [nx, ny] = volume.grid.size;
  const bytesPerRow = alignedRowBytes(nx, format);
  const staging = await stage(engine, bytesPerRow * ny, foundBytes(bricks, 1));
  try {
    await engine.run([packPass(volume, staging, bricks, format, bytesPerRow, z, z + 1)]);
    const encoder = engine.device.createCommandEncoder();
    const buffer = engine.gpuBuffer(staging.texels);
    for (let to = z0; to < z1; to++) {
      encoder.copyBufferToTexture(
        { buffer, bytesPerRow, rowsPerImage: ny },
        { texture, origin: [0, 0, to] },
        [nx, ny, 1],
      );
    }
    bricks.encodeSlices(encoder, engine.gpuBuffer(staging.extremes), z0, z1, true);
    engine.device.queue.submit([encoder.finish()]);
    await engine.idle();
  } finally {
    staging.destroy();
  }
}

function alignedRowBytes(columns: number, format: DisplayFormat): number {
  return Math.ceil((columns * bytesPerTexel[format]) / rowAlignment) * rowAlignment;
}

async function fillTexture(
  engine: GpuEngine,
  volume: CtVolume,
  { texture, format, bricks }: Target,
  first: number,
  end: number,
): Promise<void> {
  const [nx, ny] = volume.grid.size;
  const bytesPerRow = alignedRowBytes(nx, format);
  const depth = Math.min(
    end - first,
    Math.max(
      1,
      Math.floor(Math.min(stagingBytes / (bytesPerRow * ny), engine.limits.slabVoxels / (nx * ny))),
    ),
  );
  const staging = await stage(engine, bytesPerRow * ny * depth, foundBytes(bricks, depth));
  try {
    for (let z0 = first; z0 < end; z0 += depth) {
      const z1 = Math.min(end, z0 + depth);
      await engine.run([packPass(volume, staging, bricks, format, bytesPerRow, z0, z1)]);
      const encoder = engine.device.createCommandEncoder();
      encoder.copyBufferToTexture(
        { buffer: engine.gpuBuffer(staging.texels), bytesPerRow, rowsPerImage: ny },
        { texture, origin: [0, 0, z0] },
        [nx, ny, z1 - z0],
      );
      bricks.encodeSlices(encoder, engine.gpuBuffer(staging.extremes), z0, z1);
      engine.device.queue.submit([encoder.finish()]);
      await engine.idle();
    }
  } finally {
    staging.destroy();
  }
}

interface Staging {
  readonly texels: EngineBuffer;
  readonly extremes: EngineBuffer;
  destroy(): void;
}

async function stage(engine: GpuEngine, texelBytes: number, extremeBytes: number): Promise<Staging> {
  const texels = await engine.allocate("display staging", texelBytes);
  try {
    const extremes = await engine.allocate("display staging", extremeBytes);
    const destroy = () => {
      texels.destroy();
      extremes.destroy();
    };
    return { texels, extremes, destroy };
  } catch (error) {
    texels.destroy();
    throw error;
  }
}

function packPass(
  { grid, buffer }: CtVolume,
  { texels, extremes }: Staging,
  { counts }: Bricks,
  format: DisplayFormat,
  bytesPerRow: number,
  z0: number,
  z1: number,
): Pass {
  const { range, firstWord } = sliceRange(buffer, sliceWords(grid), z0, z1);
  return {
    kernel: format === "r16float" ? "display_pack_half" : "display_pack_float",
    params: {
      columns: grid.size[0],
      rows: grid.size[1],
      first_word: firstWord,
      texel_pitch: bytesPerRow / (2 * bytesPerTexel[format]),
      brick_columns: counts[0],
      brick_rows: counts[1],
    },
    bindings: { hu: range, texels, extremes },
    invocations: [counts[0], counts[1], z1 - z0],
  };
}
