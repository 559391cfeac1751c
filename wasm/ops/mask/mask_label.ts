// Used by: src/ops/mask/mask_label_slabs.ts
import { mask_pitch } from "../common/rows";

/** CPU body of shaders/mask/mask_label.wgsl: 16 voxels a step, their bits spread to bytes. Split: whole. */
export function mask_label(
  columns: u32,
  voxels: u32,
  first_word: u32,
  second_word: u32,
  third_word: u32,
  first_label: u32,
  second_label: u32,
  third_label: u32,
  first: usize,
  second: usize,
  third: usize,
  labels: usize,
): void {
  const pitch = mask_pitch(columns);
  const rows = voxels / columns;
  const one = i8x16.splat(<i8>first_label);
  const two = i8x16.splat(<i8>second_label);
  const three = i8x16.splat(<i8>third_label);
  let out = labels;
  let a = first + (first_word << 2);
  let b = second + (second_word << 2);
  let c = third + (third_word << 2);
  for (let row: u32 = 0; row < rows; row++, out += columns) {
    let x: u32 = 0;
    for (; x + 16 <= columns; x += 16) {
      const at: usize = x >> 3;
      v128.store(out + x, choose(a + at, b + at, c + at, one, two, three));
    }
    for (; x < columns; x++) {
      const at: usize = x >> 3;
      const bit: u32 = 1 << (x & 7);
      let label: u32 = 0;
      if (load<u8>(a + at) & bit) label = first_label;
      else if (load<u8>(b + at) & bit) label = second_label;
      else if (load<u8>(c + at) & bit) label = third_label;
      store<u8>(out + x, <u8>label);
    }
    a += pitch << 2;
    b += pitch << 2;
    c += pitch << 2;
  }
}

// @ts-ignore: decorator
@inline
function choose(a: usize, b: usize, c: usize, one: v128, two: v128, three: v128): v128 {
  const in_one = spread(load<u16>(a));
  const in_two = spread(load<u16>(b));
  const in_three = spread(load<u16>(c));
  const rest = v128.bitselect(two, v128.and(three, in_three), in_two);
  return v128.bitselect(one, rest, in_one);
}

/** All ones in the bytes whose bit is set. */
// @ts-ignore: decorator
@inline
function spread(bits: u16): v128 {
  const both = i16x8.splat(<i16>bits);
  const bytes = v128.swizzle(both, i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  const each = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return i8x16.eq(v128.and(bytes, each), each);
}
