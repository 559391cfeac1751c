/** clamp((hu - low) / (high - low), 0, 1) of each voxel, rounded to float32. */
export function windowReference(voxels: Int16Array, lowHu: number, highHu: number): Float32Array {
  return Float32Array.from(voxels, (hu) => Math.min(1, Math.max(0, (hu - lowHu) / (highHu - lowHu))));
}
