import { checkVoxels, type SharedData, type Voxels } from "./voxels.js";

// three.js 0.187: Data3DTexture and Matrix4.

/** What a `Data3DTexture` is made of, and where it lies. */
export interface ThreeTextureArguments {
  readonly data: SharedData;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** For `new Matrix4().fromArray(...)`, column-major: texture coordinates, 0 to 1, to LPS millimeters. */
  readonly textureToMm: number[];
}

/**
 * For `new Data3DTexture(data, width, height, depth)`. No copy is made. WebGL samples no 16-bit integers
 * smoothly: give floats (`FloatType`) or bytes of a window (`windowByteSlabs`), with `RedFormat` and
 * `unpackAlignment` 1.
 * @throws HounsfieldError `invalid-option`
 */
export function threeTextureArguments(voxels: Voxels): ThreeTextureArguments {
  checkVoxels("threeTextureArguments", voxels);
  const { grid, data } = voxels;
  const { size, spacingMm, originMm, direction } = grid;
  // Texture coordinates are of corners, positions of voxel centers.
  const axis = (a: number) => [0, 1, 2].map((row) => direction[row * 3 + a] * spacingMm[a]);
  const corner = [0, 1, 2].map(
    (row) => originMm[row] - [0, 1, 2].reduce((sum, a) => sum + axis(a)[row] / 2, 0),
  );
  const columns = [0, 1, 2].map((a) => [...axis(a).map((mm) => mm * size[a]), 0]);
  return {
    data,
    width: size[0],
    height: size[1],
    depth: size[2],
    textureToMm: [...columns.flat(), ...corner, 1],
  };
}
