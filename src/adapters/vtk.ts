import { positionMm } from "../core/grid.js";
import { invalidOption } from "../core/options.js";
import { checkVoxels, gridOfParts, type SharedData, transposed, type Voxels } from "./voxels.js";

// vtk.js 37: vtkImageData, whose direction has the axes as rows of a column-major matrix.

/** What a `vtkImageData` is made of. */
export interface VtkImageArguments {
  readonly dimensions: [number, number, number];
  readonly spacing: [number, number, number];
  readonly origin: [number, number, number];
  readonly direction: number[];
  readonly values: SharedData;
}

/** The part of a `vtkImageData` that is read. */
export interface VtkImageLike {
  getDimensions(): ArrayLike<number>;
  getSpacing(): ArrayLike<number>;
  getOrigin(): ArrayLike<number>;
  /** Index of the first voxel and of the last along each axis: x, x, y, y, z, z. */
  getExtent(): ArrayLike<number>;
  getDirection(): ArrayLike<number>;
  getPointData(): {
    getScalars(): { getData(): ArrayLike<number>; getNumberOfComponents(): number } | null;
  };
}

/**
 * For `vtkImageData.newInstance({ spacing, origin, direction })`, `setDimensions(dimensions)` and
 * `vtkDataArray.newInstance({ name: "HU", values, numberOfComponents: 1 })`. No copy is made. vtk.js's world
 * is LPS millimeters then, as ours is.
 * @throws HounsfieldError `invalid-option`
 */
export function vtkImageArguments(voxels: Voxels): VtkImageArguments {
  checkVoxels("vtkImageArguments", voxels);
  const { grid, data } = voxels;
  return {
    dimensions: [...grid.size],
    spacing: [...grid.spacingMm],
    origin: [...grid.originMm],
    direction: transposed(grid.direction),
    values: data,
  };
}

const GETTERS = [
  "getDimensions",
  "getSpacing",
  "getOrigin",
  "getExtent",
  "getDirection",
  "getPointData",
] as const;

/**
 * Grid and voxels of a `vtkImageData` of one component, for `createVolume` and `createMask`. No copy is made.
 * @throws HounsfieldError `invalid-option`
 */
export function voxelsOfVtk(image: VtkImageLike): Voxels {
  const of = "voxelsOfVtk";
  if (!GETTERS.every((getter) => typeof image?.[getter] === "function"))
    throw invalidOption(of, "image", image, "a vtkImageData");
  const scalars = image.getPointData()?.getScalars?.();
  if (scalars?.getNumberOfComponents?.() !== 1)
    throw invalidOption(of, "image", scalars?.getNumberOfComponents(), "scalars of one component");
  // Its origin is of index 0, which a part of an image may not have.
  const whole = gridOfParts(
    of,
    image.getDimensions(),
    image.getSpacing(),
    image.getOrigin(),
    transposed(image.getDirection()),
  );
  const extent = image.getExtent();
  const first = [extent?.[0], extent?.[2], extent?.[4]] as const;
  if (!first.every(Number.isInteger)) throw invalidOption(of, "image", extent, "an extent of whole numbers");
  const grid = { ...whole, originMm: positionMm(whole, first) };
  const voxels = { grid, data: scalars.getData() as SharedData };
  checkVoxels(of, voxels);
  return voxels;
}
