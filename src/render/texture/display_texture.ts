import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";
import { checkOptions, type RulesOf } from "../../core/options.js";
import type { GpuTexture } from "../../core/platform.js";
import { boolean, number, oneOf } from "../../core/rules.js";
import type { ValueScale } from "../../core/value_scale.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { checkOpenVolume, checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { type Bricks, createBricks } from "./bricks.js";
import { fillWhole } from "./display_fill.js";
import type { DisplayFill, DisplayTarget } from "./display_slices.js";
import { allocateDisplay, type DisplayFormat, texelBytes } from "./display_target.js";
import { gpuEngineOf } from "./gpu_engine_of.js";

/**
 * What views draw from: a filterable 3D texture of HU - 1024 (see `displayScale` for other values), derived
 * from the volume of record and free to be dropped and made again.
 */
export interface DisplayTexture {
  readonly engine: GpuEngine;
  /** Where its texels are: the volume's grid, or a coarser one of the same extent. */
  readonly grid: Grid;
  /** Of the volume that it is of. */
  readonly volumeGrid: Grid;
  /** @internal Of the volume: what a value is among the texels, `displayedValue` says. */
  readonly values: ValueScale;
  /** @internal Of the volume: what `update` and `clear` count. */
  readonly slices: number;
  /** Why and by how much it is coarser than the volume; undefined where it is not. */
  readonly downsampling?: Downsampling;
  readonly texture: GpuTexture;
  /** @internal What its parts hold at most, for rays. */
  readonly bricks: Bricks;
  /**
   * @internal Takes over slices [z0, z1) of the volume anew, or slice `standIn` in the place of all of them.
   */
  update(z0: number, z1: number, standIn?: number): Promise<void>;
  /** @internal Makes slices [z0, z1) air: what a texture holds before its voxels would show as bone. */
  clear(z0: number, z1: number): void;
  /** Idempotent. */
  destroy(): void;
}

/**
 * How pictures of a volume that is too large for the device are coarser than it: texels are means of voxels.
 * Plain data.
 */
export interface Downsampling {
  /** Along x, y and z: an axis of n voxels is drawn as ceil(n / factor) texels of the same extent. */
  readonly factors: Vec3;
  /** A sentence that can be shown: the sizes and what is short. */
  readonly reason: string;
}

/** Options of createDisplayTexture. */
export interface DisplayTextureOptions {
  /**
   * r16float: 2 bytes a voxel, exact for -1024..3071 HU, filtered by every device. r32float: 4 bytes, exact,
   * where the device has `float32-filterable`. Unless told, r16float on GPUs and r32float on software
   * adapters, which are faster with it.
   */
  readonly format?: DisplayFormat;
  /** @internal Nothing yet, to be filled by `update` and `clear`: for a volume that is still being loaded. */
  readonly empty?: boolean;
  /** Texels along an edge at most; what the device takes unless told less. */
  readonly mostTexels?: number;
}

/** A texture's memory, before anything is in it. */
export interface AllocatedDisplay {
  readonly texture: GPUTexture;
  readonly format: DisplayFormat;
  readonly grid: Grid;
  readonly downsampling?: Downsampling;
  fill(target: DisplayTarget): DisplayFill;
}

const displayRules: RulesOf<DisplayTextureOptions> = {
  format: /* @__PURE__ */ oneOf("r16float", "r32float"),
  mostTexels: number,
  empty: boolean,
};

/**
 * Makes the display texture of a volume on the GPU, slab by slab; no voxel passes the CPU. Where the device
 * takes no texture that large, or has no memory for it, it is coarser than the volume, and says so.
 * @throws HounsfieldError `out-of-memory`, `device-lost`; `invalid-option` for a format that the device
 * cannot filter
 */
export async function createDisplayTexture(
  volume: CtVolume,
  options: DisplayTextureOptions = {},
): Promise<DisplayTexture> {
  checkOptions("createDisplayTexture", options, displayRules);
  (options.empty ? checkOpenVolume : checkVolume)("createDisplayTexture", volume);
  const engine = gpuEngineOf(volume.engine);
  const slices = volume.grid.size[2];
  const formats = displayFormats(engine, options.format);
  const { mostTexels = engine.device.limits.maxTextureDimension3D } = options;
  const allocated = await allocate(volume, engine, formats, mostTexels);
  const { texture, grid, format, downsampling, fill } = allocated;
  const release = engine.memory.take("display texture", texelBytes(grid.size, format));
  const bricks = createBricks(engine, grid);
  const destroy = () => {
    bricks.destroy();
    texture.destroy();
    release();
  };
  const { update, clear } = fill({ engine, texture, format, bricks });
  try {
    if (!options.empty) await update(0, slices);
  } catch (error) {
    destroy();
    throw error;
  }
  return {
    engine,
    grid,
    volumeGrid: volume.grid,
    get values() {
      return volume.values;
    },
    slices,
    downsampling,
    texture,
    bricks,
    update,
    clear,
    destroy,
  };
}

/**
 * The one place that chooses, first what is best: half floats filter on every device; SwiftShader samples
 * them three times slower than whole ones, which take twice the memory.
 */
function displayFormats({ adapter, device }: GpuEngine, asked?: DisplayFormat): readonly DisplayFormat[] {
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
  if (asked) return [asked];
  return adapter.software && filtersWhole ? ["r32float", "r16float"] : ["r16float"];
}

/** As large as the volume, or as the device can have it: the code for that is loaded where it is needed. */
async function allocate(
  volume: CtVolume,
  engine: GpuEngine,
  formats: readonly DisplayFormat[],
  mostTexels: number,
): Promise<AllocatedDisplay> {
  const { grid } = volume;
  let shortage: HounsfieldError<"out-of-memory"> | undefined;
  const fits = grid.size.every((count) => count <= mostTexels);
  // Half the bytes rather than fewer texels.
  for (const format of fits ? formats : []) {
    try {
      const texture = await allocateDisplay(engine, grid.size, format);
      return { texture, format, grid, fill: (target) => fillWhole(volume, target) };
    } catch (error) {
      if (!isHounsfieldError(error, "out-of-memory")) throw error;
      shortage = error;
    }
  }
  const { allocateDownsampled } = await import("./downsample/downsampled_display.js");
  return allocateDownsampled(volume, engine, formats, mostTexels, shortage);
}
