import type { Grid } from "../../core/grid.js";
import type { Mesh } from "../../core/mesh.js";
import { encodeGlb } from "../../formats/mesh/glb.js";
import { encodeObj } from "../../formats/mesh/obj.js";
import { encodePly } from "../../formats/mesh/ply.js";
import { encodeStl } from "../../formats/mesh/stl.js";
import { march } from "../../ops/surface/march.js";
import { patientMesh } from "../../ops/surface/patient_mesh.js";
import type { PreprocessOptions } from "../../recipes/preprocess_options.js";
import { maskRowWords } from "../../volume/bit_mask.js";
import type { ArrayWriter, MeshFormat } from "./array_formats.js";
import type { OutputFolder } from "./output_folder.js";

const encoders: Readonly<Record<MeshFormat, (mesh: Mesh) => Uint8Array>> = {
  stl: encodeStl,
  ply: encodePly,
  obj: encodeObj,
  glb: encodeGlb,
};

/** What takes a mask's steps off, and moves nothing further than half a voxel. */
const SMOOTHING = 10;

/**
 * Gathers the labels of lungs, a bit a voxel each, and writes the surface of each that there is: right, left
 * and airways, or one of all.
 */
export function meshFiles(
  folder: OutputFolder,
  grid: Grid,
  formats: readonly MeshFormat[],
  method: PreprocessOptions["lungs"],
): ArrayWriter {
  const [nx, ny, nz] = grid.size;
  const rowWords = maskRowWords(grid);
  const names = method === "threshold" ? ["lungs"] : ["lungs-right", "lungs-left", "lungs-airways"];
  const masks = names.map(() => new Uint32Array(rowWords * ny * nz));
  let row = 0;
  return {
    async write(labels) {
      for (let from = 0; from < labels.length; from += nx, row++)
        for (let x = 0; x < nx; x++) {
          const label = labels[from + x];
          if (label > 0 && label <= masks.length)
            masks[label - 1][row * rowWords + (x >> 5)] |= 1 << (x & 31);
        }
    },
    async finish() {
      const sliceWords = rowWords * ny;
      for (const [i, words] of masks.entries()) {
        const slice = async (z: number) => words.subarray(z * sliceWords, (z + 1) * sliceWords);
        const mesh = patientMesh(await march(grid, slice), grid, SMOOTHING);
        if (mesh.triangles.length === 0) continue;
        for (const format of formats) await folder.write(`${names[i]}.${format}`, [encoders[format](mesh)]);
      }
    },
  };
}
