// Used by: src/ops/mask/threshold.ts
import { last_valid, mask_pitch, volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/mask/volume_threshold.wgsl: HU in [from_hu, below_hu) to bits, 32 voxels a step.
 * Split: z.
 */
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
  const low = max(from_hu, -32768);
  const high = min(below_hu - 1, 32767);
  const shift = i16x8.splat(<i16>(low + 32768));
  const most = i16x8.splat(<i16>(high - low - 32768));
  const row_bytes = volume_row_bytes(columns);
  const pitch = mask_pitch(columns);
  let source = hu + ((hu_word << 2) + from * rows * row_bytes);
  let target = mask + ((mask_word + from * rows * pitch) << 2);
  const valid = last_valid(columns);
  if (empty) {
    memory.fill(target, 0, (to - from) * rows * pitch << 2);
    return;
  }
  for (let row = from * rows; row < to * rows; row++, source += row_bytes) {
    for (let word: u32 = 0; word < pitch; word++, target += 4) {
      // The last word of a row may read beyond it; what it finds there is masked off.
      let bits = inside(source + (word << 6), shift, most);
      if (word + 1 == pitch) bits &= valid;
      store<u32>(target, bits);
    }
  }
}

/**
 * One bit for each of 32 voxels: of signed words shifted so that the interval begins at the lowest, those
 * below its length.
 */
// @ts-ignore: decorator
@inline
function inside(at: usize, shift: v128, most: v128): u32 {
  const a = i8x16.narrow_i16x8_s(within(at, shift, most), within(at + 16, shift, most));
  const b = i8x16.narrow_i16x8_s(within(at + 32, shift, most), within(at + 48, shift, most));
  return <u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16);
}

// @ts-ignore: decorator
@inline
function within(at: usize, shift: v128, most: v128): v128 {
  return i16x8.le_s(i16x8.sub(v128.load(at), shift), most);
}
