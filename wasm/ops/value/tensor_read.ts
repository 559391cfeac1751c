// Used by: src/ops/value/volume_from_tensor.ts
import { volume_row_bytes } from "../common/rows";

/**
 * CPU body of shaders/value/tensor_read.wgsl: floats of a dense tensor to the int16 record. Split: whole.
 */
export function tensor_read(
  columns: u32,
  lines: u32,
  hu_word: u32,
  intercept: f32,
  steps: f32,
  tensor: usize,
  hu: usize,
): void {
  const row_bytes = volume_row_bytes(columns);
  let source = tensor;
  let row_at = hu + (hu_word << 2);
  for (let line: u32 = 0; line < lines; line++, row_at += row_bytes) {
    store<u32>(row_at + row_bytes - 4, 0);
    for (let x: u32 = 0; x < columns; x++, source += 4) {
      store<i16>(row_at + (x << 1), step_of(load<f32>(source), intercept, steps));
    }
  }
}

// @ts-ignore: decorator
@inline
function step_of(value: f32, intercept: f32, steps: f32): i16 {
  if (value != value) return -32768;
  const step = min(max((value - intercept) * steps, <f32>-32768), <f32>32767);
  const whole = trunc(step);
  const away: f32 = abs(step - whole) >= <f32>0.5 ? copysign<f32>(1, step) : 0;
  return <i16>(<i32>(whole + away));
}
