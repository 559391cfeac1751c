// Used by: src/ops/mask/masks_from_tensor.ts
import { mask_pitch } from "../common/rows";

/**
 * CPU body of shaders/mask/tensor_classify.wgsl: where one channel of a dense tensor is the largest, or above
 * a bound. Split: whole.
 */
export function tensor_classify(
  columns: u32,
  lines: u32,
  channels: u32,
  plane: u32,
  channel: u32,
  above: f32,
  mask_word: u32,
  tensor: usize,
  mask: usize,
): void {
  let source = tensor;
  let target = mask + (mask_word << 2);
  const pitch = mask_pitch(columns);
  for (let line: u32 = 0; line < lines; line++) {
    for (let word: u32 = 0; word < pitch; word++, target += 4) {
      const count = min(<u32>32, columns - (word << 5));
      let bits: u32 = 0;
      for (let i: u32 = 0; i < count; i++, source += 4) {
        const is_set =
          channels == 1 ? load<f32>(source) > above : largest(source, channels, plane) == channel;
        bits |= <u32>is_set << i;
      }
      store<u32>(target, bits);
    }
  }
}

/** The first channel that has the largest number; 0 where none has one. */
// @ts-ignore: decorator
@inline
function largest(source: usize, channels: u32, plane: u32): u32 {
  let most: f32 = -f32.MAX_VALUE;
  let best: u32 = 0;
  for (let i: u32 = 0, at = source; i < channels; i++, at += <usize>plane << 2) {
    const value = load<f32>(at);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}
