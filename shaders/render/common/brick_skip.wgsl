// Leaves out bricks in which nothing is to be looked for, as far as the map of Chebyshev distances allows:
// from a brick at distance d, the box of bricks less than d away is empty (Cohen and Sheffer 1994, proximity
// clouds). A run ends a hundredth of a step early, above what f32 loses: its last sample is then asked for by
// itself, and none is left out that is not certainly inside.

// #include "render/common/bricks.wgsl"

// Powers of two: products with it are exact.
const bricks_a_cell = 1.0 / vec3f(brick_cells);

fn brick_at(position: vec3f) -> vec3i {
  let cell = position * vec3f(textureDimensions(volume)) - 0.5;
  return clamp(vec3i(floor(cell * bricks_a_cell)), vec3i(0), params.bricks - 1);
}

fn distance_of(brick: vec3i) -> i32 {
  return i32(distances[(brick.z * params.bricks.y + brick.y) * params.bricks.x + brick.x]);
}

// The first sample that is not certainly within the box of bricks up to `reach` away. The exit's face goes by
// the direction's sign, as `nowhere_zero` left it: by another, rays along an axis would advance one sample a
// step, which no picture shows.
fn sample_after(ray: Ray, i: i32, brick: vec3i, reach: i32) -> i32 {
  let onward = ray.direction > vec3f(0.0);
  let face = select(brick - reach, brick + reach + 1, onward);
  let beyond = select(face <= vec3i(0), face >= params.bricks, onward);
  let place = select((vec3f(face * brick_cells) + 0.5) * ray.voxel, select(vec3f(-1.0), vec3f(2.0), onward), beyond);
  let exits = (place - ray.origin) * ray.inverse;
  let exit = min(exits.x, min(exits.y, exits.z));
  return max(i + 1, i32(ceil(exit / params.step_mm - 0.01)));
}

// From sample i, the next ones that lie in one occupied brick; none where `first` is beyond the last.
fn next_run(ray: Ray, start: i32, last: i32) -> Indices {
  var i = start;
  var end = start;
  while (i <= last) {
    let brick = brick_at(position_at(ray, i));
    let away = distance_of(brick);
    end = sample_after(ray, i, brick, max(away - 1, 0));
    if (counting) {
      counted.y++;
    }
    if (away == 0) {
      break;
    }
    i = end;
  }
  return Indices(i, min(end - 1, last));
}
