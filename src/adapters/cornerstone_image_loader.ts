import type { Grid } from "../core/grid.js";
import { invalidOption } from "../core/options.js";
import { type CornerstoneImage, cornerstoneImage } from "./cornerstone_image.js";
import type { CornerstoneScale } from "./cornerstone_metadata.js";
import { cornerstonePixels } from "./cornerstone_pixels.js";
import { checkGridOf, checkVoxels, type SharedData } from "./voxels.js";

// cornerstone3D 5: an image loader for the imageIds that cornerstoneMetadata gives.

/** A volume or mask of an engine, as far as it is used here. */
export interface CornerstoneSlices {
  readonly grid: Grid;
  /** What the voxels stand for; images of others than 1 and 0 hold float32 values in its units. */
  readonly values?: CornerstoneScale;
  /** What a stack viewport opens with; the least to the greatest value of the image by default. */
  readonly window?: { readonly center: number; readonly width: number };
  /** Slices [z0, z1), z, y, x. */
  read(z0: number, z1: number): Promise<SharedData>;
}

const OF = "cornerstoneImageLoader";

/**
 * For `imageLoader.registerImageLoader(scheme, loader)`: images of the volumes and masks that the map has by
 * the ids that `cornerstoneMetadata` was given. Those that come and go later come and go here too. `Image` is
 * cornerstone3D's own `IImage`, which the compiler finds by itself there. What a loader is asked for and
 * cannot give is refused by its promise: `invalid-option` for ids that are not there and arrays that lose
 * values, else what `read` throws.
 * @throws HounsfieldError `invalid-option`
 */
export function cornerstoneImageLoader<Image = CornerstoneImage>(
  volumes: ReadonlyMap<string, CornerstoneSlices>,
  scheme = "hounsfield",
): (
  imageId: string,
  options?: { readonly targetBuffer?: { readonly type?: string } },
) => { promise: Promise<Image> } {
  if (typeof volumes?.get !== "function") throw invalidOption(OF, "volumes", volumes, "a Map");
  return (imageId, options) => ({
    promise: loadImage(volumes, scheme, imageId, options?.targetBuffer?.type) as Promise<Image>,
  });
}

async function loadImage(
  volumes: ReadonlyMap<string, CornerstoneSlices>,
  scheme: string,
  imageId: string,
  type?: string,
): Promise<CornerstoneImage> {
  const [, id, slice] = /^(.*)\/(\d+)$/.exec(imageId) ?? [];
  const volume = id?.startsWith(`${scheme}:`) ? volumes.get(id.slice(scheme.length + 1)) : undefined;
  if (volume) checkGridOf(OF, volume);
  const z = Number(slice);
  if (!volume || z >= volume.grid.size[2])
    throw invalidOption(OF, "imageId", imageId, "an imageId of a slice of one of the volumes");
  if (typeof volume.read !== "function") throw invalidOption(OF, "volumes", volume, "volumes and masks");
  const [columns, rows] = volume.grid.size;
  const grid = { ...volume.grid, size: [columns, rows, 1] as const };
  const data = await volume.read(z, z + 1);
  checkVoxels(OF, { grid, data });
  const pixels = cornerstonePixels(OF, data, volume.values, type);
  return cornerstoneImage(imageId, { grid, data: pixels }, volume.window);
}
