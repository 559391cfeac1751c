/** Twin of volume_threshold: one byte a voxel, 1 where fromHu <= hu < belowHu. */
export function thresholdVoxels(
  hu: Int16Array,
  { fromHu = Number.NEGATIVE_INFINITY, belowHu = Number.POSITIVE_INFINITY },
): Uint8Array {
  return Uint8Array.from(hu, (value) => (value >= fromHu && value < belowHu ? 1 : 0));
}
