// Used by: src/render/rays/ray_pass.ts
// Volume rendering: color and opacity of each ray, front to back, colors premultiplied. Post-classified: the
// interpolated HU is looked up, not looked-up voxels interpolated. Opacity is that of a step's length,
// whatever the step: 1 - (1 - opacity a mm)^step, which the table holds. Gradients, six samples, are taken
// where something is seen only. Bricks without opacity are skipped: nothing is added there. A ray ends when
// 0.99 of its light is taken. Labels are translucent surfaces: each crossing of one's edge adds its color,
// however finely the ray is sampled. Display only.

// #include "render/common/ray_march.wgsl"
// #include "render/common/brick_skip.wgsl"
// #include "render/common/transfer_table.wgsl"
// #include "render/common/fullscreen.wgsl"

// Row 0: red, green, blue, and the opacity of a step, a texel a HU from -1024. Row 1: red is the factor of
// opacity, four texels a HU a mm.
@group(0) @binding(4) var transfer: texture_2d<f32>;

// Compiled for light or a gradient opacity: see `overlaid`.
override shaded: bool = true;

const texels_per_gradient = 4.0;
const enough = 0.99;
// Gradients under it are noise of even tissue, which has no surface: they are lit the less the smaller they
// are. HU a mm.
const surface_gradient = 40.0;

var<private> light_taken: vec4f = vec4f(0.0);
var<private> labels_before: u32 = 0u;

// HU a mm along the volume's axes: central differences over a voxel on each side.
fn gradient_at(position: vec3f) -> vec3f {
  let voxel = 1.0 / vec3f(textureDimensions(volume));
  let x = vec3f(voxel.x, 0.0, 0.0);
  let y = vec3f(0.0, voxel.y, 0.0);
  let z = vec3f(0.0, 0.0, voxel.z);
  let differences = vec3f(
    hu_at(position + x) - hu_at(position - x),
    hu_at(position + y) - hu_at(position - y),
    hu_at(position + z) - hu_at(position - z),
  );
  return differences * (params.mm / voxel) * 0.5;
}

fn label_gradient(position: vec3f, bit: u32) -> vec3f {
  let voxel = 1.0 / vec3f(textureDimensions(labels));
  let x = vec3f(voxel.x, 0.0, 0.0);
  let y = vec3f(0.0, voxel.y, 0.0);
  let z = vec3f(0.0, 0.0, voxel.z);
  let differences = vec3f(
    label_share(position + x, bit) - label_share(position - x, bit),
    label_share(position + y, bit) - label_share(position - y, bit),
    label_share(position + z, bit) - label_share(position - z, bit),
  );
  return differences * (params.mm / voxel);
}

// The color of a surface across a gradient, whichever side is seen; `strength` 0 leaves it unlit.
fn lit_color(color: vec3f, gradient: vec3f, strength: f32) -> vec3f {
  let steepness = length(gradient);
  if (steepness == 0.0) {
    return color;
  }
  let toward_viewer = normalize(-ray_direction / params.mm);
  var normal = gradient / steepness;
  normal = select(normal, -normal, dot(normal, toward_viewer) < 0.0);
  let middle = normalize(params.light + toward_viewer);
  let diffuse = params.diffuse * max(0.0, dot(normal, params.light));
  let highlight = params.specular * pow(max(0.0, dot(normal, middle)), params.shininess);
  let lit = color * (params.ambient + diffuse) + highlight;
  return mix(color, lit, strength);
}

fn add_light(color: vec3f, opacity: f32) {
  light_taken += (1.0 - light_taken.a) * opacity * vec4f(color, 1.0);
}

// Of surfaces at one place the last overlay's is met first: it is on top.
fn add_label_surfaces(position: vec3f, crossed: u32) {
  for (var left = params.label_count; left > 0u; left--) {
    let i = left - 1u;
    let bit = u32(params.label_bits[i / 4u][i % 4u]);
    if (((crossed >> bit) & 1u) == 0u) {
      continue;
    }
    let look = params.label_colors[i];
    var color = look.rgb;
    if (params.lit == 1u) {
      color = lit_color(color, label_gradient(position, bit), 1.0);
    }
    add_light(color, look.a);
  }
}

// Matter with all that its surroundings say of it.
fn add_surface(at: Sample, look: vec4f) {
  var opacity = look.a * at.weight;
  var color = look.rgb;
  let gradient = gradient_at(at.position);
  let steepness = length(gradient);
  if (counting) {
    counted.z++;
  }
  if (params.gradient_opacity == 1u) {
    opacity *= textureLoad(transfer, vec2u(texel_of(steepness * texels_per_gradient), 1u), 0).r;
  }
  if (params.lit == 1u) {
    color = lit_color(color, gradient, min(1.0, steepness / surface_gradient));
  }
  add_light(color, opacity);
}

// Goes on to the next sample that takes more than a look-up, adding the others; then does that one: a loop in
// a loop, because SwiftShader runs for every sample what an `if` holds for few.
fn march_part(ray: Ray, first: i32, last: i32) -> bool {
  var i = first;
  var ended = false;
  loop {
    var at: Sample;
    var look: vec4f;
    var crossed: u32;
    loop {
      at = sample_at(ray, i);
      look = textureLoad(transfer, vec2u(texel_of_hu(at.hu), 0u), 0);
      look.a = select(0.0, look.a, at.weight > 0.0);
      crossed = at.labels ^ labels_before;
      let easy = (!shaded || look.a == 0.0) && (!overlaid || crossed == 0u);
      if (!shaded && easy) {
        add_light(look.rgb, look.a * at.weight);
      }
      ended = i >= last || (!shaded && light_taken.a >= enough);
      i++;
      continuing {
        break if (!easy || ended);
      }
    }
    if (overlaid && crossed != 0u) {
      labels_before = at.labels;
      add_label_surfaces(at.position, crossed);
      if (!shaded) {
        add_light(look.rgb, look.a * at.weight);
      }
    }
    if (shaded && look.a > 0.0) {
      add_surface(at, look);
    }
    ended = i > last || light_taken.a >= enough;
    continuing {
      break if ended;
    }
  }
  return light_taken.a >= enough;
}

// A ray that is within labels must not miss where it leaves them.
fn march_bricks(ray: Ray, part: Indices) {
  var i = part.first;
  while (i <= part.last) {
    var run = next_run(ray, i, part.last);
    if (overlaid && labels_before != 0u) {
      let end = sample_after(ray, i, brick_at(position_at(ray, i)), 0);
      run = Indices(i, min(end - 1, part.last));
    }
    if (run.first <= run.last && march_part(ray, run.first, run.last)) {
      break;
    }
    i = run.last + 1;
  }
}

struct Picture {
  @location(0) color: vec4f,
  @location(1) labels: u32,
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  let ray = ray_of(position.xy);
  let part = indices_of(ray_span(ray));
  ray_direction = ray.direction;
  if (skipping) {
    march_bricks(ray, part);
  } else {
    march(ray, part);
  }
  if (counting) {
    return Picture(vec4f(vec3f(counted), 1.0), seen_labels);
  }
  return Picture(light_taken, seen_labels);
}
