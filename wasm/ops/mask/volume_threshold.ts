import { last_valid, mask_pitch, volume_row_bytes } from "../common/rows";

/** CPU body of shaders/mask/volume_threshold.wgsl: HU in [from_hu, below_hu) to bits, 32 voxels a step. Split: z. */
export function volume_threshold(
  columns: u32,
  rows: u32,
  from_hu: i32,
  below_hu: i32,
  hu_word: u32,
  mask_word: u32,
  hu: usize,
  mask: usize,
  from: u32,
  to: u32,
): void {
  // Both ends inclusive: then they are int16, whatever the bounds.
  const empty = below_hu <= -32768 || from_hu > 32767 || from_hu >= below_hu;
  const low = i16x8.splat(<i16>max(from_hu, -32768));
  const high = i16x8.splat(<i16>min(below_hu - 1, 32767));
  const rowBytes = volume_row_bytes(columns);
  const pitch = mask_pitch(columns);
  let source = hu + ((hu_word << 2) + from * rows * rowBytes);
  let target = mask + ((mask_word + from * rows * pitch) << 2);
  const valid = last_valid(columns);
  for (let row = from * rows; row < to * rows; row++, source += rowBytes) {
    for (let word: u32 = 0; word < pitch; word++, target += 4) {
      // The last word of a row may read beyond it; what it finds there is masked off.
      let bits = empty ? 0 : inside(source + (word << 6), low, high);
      if (word + 1 == pitch) bits &= valid;
      store<u32>(target, bits);
    }
  }
}

/** One bit for each of 32 voxels. */
// @ts-ignore: decorator
@inline
function inside(at: usize, low: v128, high: v128): u32 {
  const a = within(v128.load(at), low, high);
  const b = within(v128.load(at, 16), low, high);
  const c = within(v128.load(at, 32), low, high);
  const d = within(v128.load(at, 48), low, high);
  return (
    <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)) | (<u32>i8x16.bitmask(i8x16.narrow_i16x8_s(c, d)) << 16)
  );
}

// @ts-ignore: decorator
@inline
function within(voxels: v128, low: v128, high: v128): v128 {
  return v128.and(i16x8.ge_s(voxels, low), i16x8.le_s(voxels, high));
}
