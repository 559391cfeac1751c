// Where an output voxel lies in the source, for any affine. A position is an integer: whole voxels and parts of 2^-30 voxel. It is the sum of
// three table entries made on the host in f64, one an output axis, so it is the same on every device and as sharp far from the origin as near it.
// The including kernel gives `positions`: (whole, part) along the source's x, y, z per output index; the x table, then y, then z.

const half_voxel = 0x20000000u;

struct Position {
  whole: vec3i,
  part: vec3u,
}

fn position_of(x: u32, y: u32, z: u32) -> Position {
  var whole = vec3i();
  var part = vec3u();
  for (var axis = 0u; axis < 3u; axis++) {
    let a = positions[x * 3u + axis];
    let b = positions[y * 3u + axis];
    let c = positions[z * 3u + axis];
    let parts = a.y + b.y + c.y;
    whole[axis] = bitcast<i32>(a.x + b.x + c.x + (parts >> 30u));
    part[axis] = parts & 0x3fffffffu;
  }
  return Position(whole, part);
}

// More than half a voxel before the first or behind the last voxel of an axis.
fn outside_before(whole: i32, part: u32) -> bool {
  return whole < -1 || (whole == -1 && part < half_voxel);
}

fn outside_behind(whole: i32, part: u32, size: i32) -> bool {
  return whole >= size || (whole == size - 1 && part > half_voxel);
}

fn is_outside(at: Position, size: vec3i) -> bool {
  for (var axis = 0u; axis < 3u; axis++) {
    if (outside_before(at.whole[axis], at.part[axis]) || outside_behind(at.whole[axis], at.part[axis], size[axis])) {
      return true;
    }
  }
  return false;
}

// The nearest voxel inside; halves go up.
fn nearest_voxel(at: Position, size: vec3i) -> vec3i {
  let up = select(vec3i(0), vec3i(1), at.part >= vec3u(half_voxel));
  return clamp(at.whole + up, vec3i(0), size - vec3i(1));
}
