// The transfer function's table: a texel a HU from -1024; its ends hold for all beyond.
const table_width = 4096.0;
const first_hu = -1024.0;

fn texel_of(column: f32) -> u32 {
  // What is not negative is cut off to the whole below it.
  return u32(clamp(column + 0.5, 0.0, table_width - 1.0));
}

fn texel_of_hu(hu: f32) -> u32 {
  return texel_of(hu - first_hu);
}
