// Where an output voxel lies in the source, for any affine. A position is an integer: whole voxels and parts
// of 2^-30 voxel. It is the sum of three table entries made on the host in f64, one an output axis, so it is
// the same on every device and as sharp far from the origin as near it.
// The including kernel gives `positions`: (whole, part) along the source's x, y, z per output index; the x
// table, then y, then z.

const half_voxel = 0x20000000u;

struct Position {
  whole: vec3i,
  part: vec3u,
}

fn position_of(x: u32, y: u32, z: u32) -> Position {
  let whole = whole_of(x) + whole_of(y) + whole_of(z);
  let part = part_of(x) + part_of(y) + part_of(z);
  return Position(bitcast<vec3i>(whole + (part >> vec3u(30u))), part & vec3u(0x3fffffffu));
}

fn whole_of(entry: u32) -> vec3u {
  let first = entry * 3u;
  return vec3u(positions[first].x, positions[first + 1u].x, positions[first + 2u].x);
}

fn part_of(entry: u32) -> vec3u {
  let first = entry * 3u;
  return vec3u(positions[first].y, positions[first + 1u].y, positions[first + 2u].y);
}

// More than half a voxel before the first voxel of each axis.
fn is_before(at: Position) -> vec3<bool> {
  return (at.whole < vec3i(-1)) | ((at.whole == vec3i(-1)) & (at.part < vec3u(half_voxel)));
}

// More than half a voxel behind the last voxel of each axis.
fn is_behind(at: Position, size: vec3i) -> vec3<bool> {
  return (at.whole >= size) | ((at.whole == size - 1) & (at.part > vec3u(half_voxel)));
}

fn is_outside(at: Position, size: vec3i) -> bool {
  return any(is_before(at) | is_behind(at, size));
}

// The nearest voxel inside; halves go up.
fn nearest_voxel(at: Position, size: vec3i) -> vec3i {
  let up = select(vec3i(0), vec3i(1), at.part >= vec3u(half_voxel));
  return clamp(at.whole + up, vec3i(0), size - 1);
}
