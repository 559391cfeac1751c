// Rays whose samples give HU. The including module says `add_sample(at: Sample)`, in any order.

// #include "render/common/ray_march.wgsl"
// #include "render/common/brick_skip.wgsl"
// #include "render/common/fullscreen.wgsl"

// Labels are looked for apart from the samples, in the bricks that hold some.
override searched: bool = false;

// What the projection gives a pixel, before any window: HU, and the labels that the ray met.
struct Picture {
  @location(0) hu: f32,
  @location(1) labels: u32,
}

fn march_part(ray: Ray, first: i32, last: i32) -> bool {
  var i = first;
  loop {
    add_sample(sample_at(ray, i));
    i++;
    continuing {
      break if i > last;
    }
  }
  return false;
}

fn find_labels(ray: Ray, part: Indices) {
  var i = part.first;
  while (i <= part.last && seen_labels != params.overlay_bits) {
    let run = next_run(ray, i, part.last);
    for (i = run.first; i <= run.last && seen_labels != params.overlay_bits; i++) {
      let here = labels_at(position_at(ray, i));
      seen_labels |= select(here, 0u, weight_of(here) == 0.0) & params.overlay_bits;
    }
  }
}

fn picture(hu: f32) -> Picture {
  if (counting) {
    return Picture(f32(counted.x + 4096u * counted.y), seen_labels);
  }
  return Picture(hu, seen_labels);
}
