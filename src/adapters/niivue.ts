import { niftiHeader } from "../formats/nifti/nifti_header.js";
import { checkVoxels, type Voxels } from "./voxels.js";

// NiiVue reads files: the safe door is a NIfTI in memory.

/** Scale of stored values, as `volume.values` has it, and the window that it opens with. */
export interface NiivueOptions {
  readonly slope?: number;
  readonly intercept?: number;
  readonly window?: { readonly low: number; readonly high: number };
}

/**
 * A whole NIfTI file, for `nv.loadVolumes([{ url: new File([bytes], "ct.nii") }])`. The voxels are copied.
 * @throws HounsfieldError `invalid-option`
 */
export function niivueFile(voxels: Voxels, options: NiivueOptions = {}): Uint8Array<ArrayBuffer> {
  const dtype = checkVoxels("niivueFile", voxels);
  const { grid, data } = voxels;
  const header = niftiHeader({ ...options, grid, dtype });
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}
