import { invalidOption } from "../core/options.js";
import { checkVoxels, gridOfParts, type NumberType, type SharedData, type Voxels } from "./voxels.js";

// itk-wasm 1.0: Image, whose direction is ours: row-major, its columns the axes.

/** An itk-wasm `Image` of one component. */
export interface ItkImage {
  readonly imageType: {
    readonly dimension: 3;
    readonly componentType: NumberType;
    readonly pixelType: "Scalar";
    readonly components: 1;
  };
  readonly name: string;
  readonly origin: number[];
  readonly spacing: number[];
  readonly direction: Float64Array;
  readonly size: number[];
  readonly metadata: Map<string, unknown>;
  readonly data: SharedData;
}

/** The part of one that is read. */
export interface ItkImageLike {
  readonly imageType: { readonly dimension: number; readonly components: number };
  readonly origin: ArrayLike<number>;
  readonly spacing: ArrayLike<number>;
  readonly direction: ArrayLike<number>;
  readonly size: ArrayLike<number>;
  readonly data: unknown;
}

/**
 * An itk-wasm `Image`, for its filters and writers. No copy is made: worker pools that transfer it take the
 * array away.
 * @throws HounsfieldError `invalid-option`
 */
export function itkImage(voxels: Voxels, name = "hounsfield"): ItkImage {
  const componentType = checkVoxels("itkImage", voxels);
  if (typeof name !== "string") throw invalidOption("itkImage", "name", name, "a text");
  const { grid, data } = voxels;
  return {
    imageType: { dimension: 3, componentType, pixelType: "Scalar", components: 1 },
    name,
    origin: [...grid.originMm],
    spacing: [...grid.spacingMm],
    direction: Float64Array.from(grid.direction),
    size: [...grid.size],
    metadata: new Map(),
    data,
  };
}

/**
 * Grid and voxels of an itk-wasm `Image` of three dimensions and one component. No copy is made.
 * @throws HounsfieldError `invalid-option`
 */
export function voxelsOfItk(image: ItkImageLike): Voxels {
  const of = "voxelsOfItk";
  const { dimension, components } = image?.imageType ?? {};
  if (dimension !== 3 || components !== 1)
    throw invalidOption(of, "image", image?.imageType, "an Image of 3 dimensions and 1 component");
  const grid = gridOfParts(of, image.size, image.spacing, image.origin, image.direction);
  const voxels = { grid, data: image.data as SharedData };
  checkVoxels(of, voxels);
  return voxels;
}
