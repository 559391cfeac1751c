import { HounsfieldError, isHounsfieldError } from "../../../core/errors.js";
import type { Grid, Vec3 } from "../../../core/grid.js";
import type { GpuEngine } from "../../../engine/gpu/gpu_engine.js";
import type { CtVolume } from "../../../volume/ct_volume.js";
import { refused } from "../../state/fail.js";
import { allocateDisplay, type DisplayFormat } from "../display_target.js";
import type { AllocatedDisplay } from "../display_texture.js";
import { fillDownsampled } from "./downsampled_fill.js";
import { coarser, leastFactors, texelGrid } from "./texel_grid.js";

/** A device that has no memory for the 512th part of a cube has none for views. */
const MOST_HALVINGS = 3;

/**
 * The largest texture of a volume that the device can have: of the smallest whole factors that keep to
 * `mostTexels` along an edge, and then, as long as there is no memory (as `shortage` says of the whole),
 * twice those of the longest axes.
 * @throws HounsfieldError `out-of-memory` with what was asked for first
 */
export async function allocateDownsampled(
  volume: CtVolume,
  engine: GpuEngine,
  formats: readonly DisplayFormat[],
  mostTexels: number,
  shortage?: HounsfieldError<"out-of-memory">,
): Promise<AllocatedDisplay> {
  const { size } = volume.grid;
  if (!(mostTexels >= 1)) throw refused("mostTexels", mostTexels, "1 and more");
  // Where memory is short, of the smaller texels.
  let format = shortage ? formats[formats.length - 1] : formats[0];
  const shortages = shortage ? [shortage] : [];
  const least = leastFactors(size, mostTexels);
  let factors = shortage ? coarser(size, least) : least;
  while (shortages.length < MOST_HALVINGS + formats.length) {
    const grid = texelGrid(volume.grid, factors);
    try {
      const texture = await allocateDisplay(engine, grid.size, format);
      const why = shortages[0]?.message ?? `the device's 3D textures take ${mostTexels} along an edge`;
      const downsampling = { factors, reason: `${sizesOf(volume.grid, grid, factors)}: ${why}` };
      return { texture, format, grid, downsampling, fill: (target) => fillDownsampled(volume, grid, target) };
    } catch (error) {
      if (!isHounsfieldError(error, "out-of-memory")) throw error;
      shortages.push(error);
      const smaller = formats[formats.length - 1];
      if (format !== smaller) {
        format = smaller;
        continue;
      }
    }
    factors = coarser(size, factors);
  }
  throw noMemory(shortages);
}

function sizesOf(from: Grid, to: Grid, factors: Vec3): string {
  const sizes = `${from.size.join(" x ")} voxels are drawn as ${to.size.join(" x ")}`;
  return `${sizes}, each the mean of ${factors.join(" x ")}, which pales what is thinner`;
}

function noMemory(shortages: readonly HounsfieldError<"out-of-memory">[]): HounsfieldError {
  const [first, last] = [shortages[0], shortages[shortages.length - 1]];
  const { got } = first.fields;
  return new HounsfieldError(
    "out-of-memory",
    `the device has no ${got} bytes for the display texture, nor ${last.fields.got} for a coarser one`,
    { got },
    last,
  );
}
