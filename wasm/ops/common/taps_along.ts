/**
 * Weighted sums along x: taps of an output are neighbors in its row, so four of them are a vector, and four
 * outputs are added up together, in the order of the taps, as shaders/common/resample_taps.wgsl adds. The
 * table is copied to scratch with its weights padded by zeros to whole vectors: per output the first tap, 12
 * bytes of nothing, then the weights.
 */

// @ts-ignore: decorator
@inline
function entry_bytes(taps: u32): usize {
  return <usize>(16 + (((taps + 3) >> 2) << 4));
}

/** Bytes of the padded table: whole quads of outputs. */
// @ts-ignore: decorator
@inline
export function padded_bytes(columns: u32, taps: u32): usize {
  return <usize>(((columns + 3) >> 2) << 2) * entry_bytes(taps);
}

/**
 * Of `columns` outputs from `index_first` on; outputs that fill the last quad repeat the last. First taps
 * count from `tap_first`, in elements of `size` bytes.
 */
export function pad_table(
  table: usize,
  taps: u32,
  index_first: u32,
  columns: u32,
  tap_first: u32,
  size: u32,
  padded: usize,
): void {
  const bytes = entry_bytes(taps);
  const count = ((columns + 3) >> 2) << 2;
  for (let i: u32 = 0; i < count; i++, padded += bytes) {
    const entry = table + <usize>(index_first + min(i, columns - 1)) * <usize>((taps + 1) << 2);
    store<u32>(padded, (load<u32>(entry) - tap_first) * size);
    memory.copy(padded + 16, entry + 4, taps << 2);
    memory.fill(padded + 16 + (taps << 2), 0, bytes - 16 - (taps << 2));
  }
}

/** True where each output is the voxel of its own place: then nothing is to be summed. */
export function is_identity(table: usize, taps: u32, index_first: u32, columns: u32): bool {
  if (taps != 1) return false;
  const start = load<u32>(table + (index_first << 3));
  for (let i: u32 = 0; i < columns; i++) {
    const entry = table + ((index_first + i) << 3);
    if (load<u32>(entry) != start + i || load<f32>(entry, 4) != 1) return false;
  }
  return true;
}

/**
 * Sums of the four outputs from `entry` on in the f32 row at `source`. What lies beyond the last tap may be
 * any bits: it is masked, not multiplied by 0.
 */
// @ts-ignore: decorator
@inline
export function sum_floats(source: usize, entry: usize, taps: u32): v128 {
  const bytes = entry_bytes(taps);
  const at_a = source + load<u32>(entry);
  const at_b = source + load<u32>(entry + bytes);
  const at_c = source + load<u32>(entry + 2 * bytes);
  const at_d = source + load<u32>(entry + 3 * bytes);
  let sum = f32x4.splat(0);
  let lanes = i32x4.splat(-1);
  for (let k: u32 = 0; k < taps; k += 4) {
    if (k + 4 > taps) lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(taps - k));
    const from: usize = k << 2;
    const weights = entry + 16 + from;
    const a = f32x4.mul(v128.and(v128.load(at_a + from), lanes), v128.load(weights));
    const b = f32x4.mul(v128.and(v128.load(at_b + from), lanes), v128.load(weights + bytes));
    const c = f32x4.mul(v128.and(v128.load(at_c + from), lanes), v128.load(weights + 2 * bytes));
    const d = f32x4.mul(v128.and(v128.load(at_d + from), lanes), v128.load(weights + 3 * bytes));
    sum = add_in_order(sum, a, b, c, d, taps - k);
  }
  return sum;
}

/** The same in a row of int16, less `offset` each. */
// @ts-ignore: decorator
@inline
export function sum_voxels(source: usize, entry: usize, taps: u32, offset: v128): v128 {
  const bytes = entry_bytes(taps);
  const at_a = source + load<u32>(entry);
  const at_b = source + load<u32>(entry + bytes);
  const at_c = source + load<u32>(entry + 2 * bytes);
  const at_d = source + load<u32>(entry + 3 * bytes);
  let sum = f32x4.splat(0);
  for (let k: u32 = 0; k < taps; k += 4) {
    const from: usize = k << 1;
    const weights = entry + 16 + (k << 2);
    const a = f32x4.mul(four_voxels(at_a + from, offset), v128.load(weights));
    const b = f32x4.mul(four_voxels(at_b + from, offset), v128.load(weights + bytes));
    const c = f32x4.mul(four_voxels(at_c + from, offset), v128.load(weights + 2 * bytes));
    const d = f32x4.mul(four_voxels(at_d + from, offset), v128.load(weights + 3 * bytes));
    sum = add_in_order(sum, a, b, c, d, taps - k);
  }
  return sum;
}

/** From one quad's entries to the next. */
// @ts-ignore: decorator
@inline
export function quad_bytes(taps: u32): usize {
  return entry_bytes(taps) << 2;
}

// @ts-ignore: decorator
@inline
function four_voxels(at: usize, offset: v128): v128 {
  return f32x4.sub(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v128.load64_zero(at))), offset);
}

/**
 * `sum` of four outputs and their next four products, an output a vector: turned so that a tap is a vector,
 * and added tap after tap, for that is the order of the WGSL and each sum rounds. Of the products those from
 * `taps` on are 0 and change nothing, since a sum that began at 0 is never -0.
 */
// @ts-ignore: decorator
@inline
function add_in_order(sum: v128, a: v128, b: v128, c: v128, d: v128, taps: u32): v128 {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  sum = f32x4.add(sum, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  sum = f32x4.add(sum, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  if (taps <= 2) return sum;
  const ab_high = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd_high = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  sum = f32x4.add(sum, v128.shuffle<f32>(ab_high, cd_high, 0, 1, 4, 5));
  return f32x4.add(sum, v128.shuffle<f32>(ab_high, cd_high, 2, 3, 6, 7));
}

/** The first lanes of `four`, `count` of them. */
export function store_lanes(out: usize, four: v128, count: u32): void {
  store<f32>(out, f32x4.extract_lane(four, 0));
  if (count > 1) store<f32>(out, f32x4.extract_lane(four, 1), 4);
  if (count > 2) store<f32>(out, f32x4.extract_lane(four, 2), 8);
}
