// Weighted sums along one axis. The table is made on the host in f64: per output index the first tap, then
// `taps` weights (f32 bits). Borders and normalization are in the weights, so no kernel here knows what it
// interpolates with. The including kernel gives source_at(element).

struct Params {
  // Output of this pass, and its first element.
  columns: u32,
  rows: u32,
  slices: u32,
  out_first: u32,
  // Rows from slice to slice of the output, of which this pass may make some only.
  out_rows: u32,
  // The axis that is resampled: 0 x, 1 y, 2 z. Its table, and the first output index of this pass along it.
  axis: u32,
  taps: u32,
  index_first: u32,
  // The source index along the axis that `source_first` stands for.
  tap_first: u32,
  source_first: u32,
  // Elements of the source between neighbors.
  stride_x: u32,
  stride_y: u32,
  stride_z: u32,
  // Taken off each voxel on the way in, put back on the way out: outside a constant border all weights are 0.
  border_hu: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<u32>;

fn in_pass(id: vec3u) -> bool {
  return id.x < params.columns && id.y < params.rows && id.z < params.slices;
}

fn sum_taps(id: vec3u) -> f32 {
  let strides = vec3u(params.stride_x, params.stride_y, params.stride_z);
  let step = strides[params.axis];
  let entry = (params.index_first + id[params.axis]) * (params.taps + 1u);
  var start = id;
  start[params.axis] = table[entry] - params.tap_first;
  var element = params.source_first + dot(start, strides);
  var sum = 0.0;
  for (var k = 1u; k <= params.taps; k++) {
    sum += bitcast<f32>(table[entry + k]) * source_at(element);
    element += step;
  }
  return sum;
}

// `pitch` elements to an output row.
fn out_element(id: vec3u, pitch: u32) -> u32 {
  return params.out_first + (id.z * params.out_rows + id.y) * pitch + id.x;
}
