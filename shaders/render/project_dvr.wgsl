// Volume rendering: color and opacity of each ray, front to back, colors premultiplied. Post-classified: the interpolated HU is looked up, not
// looked-up voxels interpolated. Opacity is that of a step's length, whatever the step: 1 - (1 - opacity a mm)^step, kept as an exponent in the
// table. Gradients, six samples, are taken where something is seen only. A ray ends when 0.99 of its light is taken.
// Labels are translucent surfaces: each crossing of one's edge adds its color, however finely the ray is sampled. Display only.

// #include "render/common/ray_march.wgsl"
// #include "render/common/fullscreen.wgsl"

// Row 0: red, green, blue, and -log2(1 - opacity a mm), a texel a HU from -1024. Row 1: red is the factor of opacity, four texels a HU a mm.
@group(0) @binding(4) var transfer: texture_2d<f32>;

const table_width = 4096.0;
const first_hu = -1024.0;
const texels_per_gradient = 4.0;
const enough = 0.99;
// Gradients under it are noise of even tissue, which has no surface: they are lit the less the smaller they are. HU a mm.
const surface_gradient = 40.0;

var<private> light_taken: vec4f = vec4f(0.0);
var<private> labels_before: u32 = 0u;

fn transfer_texel(column: f32, row: u32) -> vec4f {
  return textureLoad(transfer, vec2u(u32(clamp(floor(column + 0.5), 0.0, table_width - 1.0)), row), 0);
}

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

fn add_sample(at: Sample) -> bool {
  let crossed = at.labels ^ labels_before;
  if (crossed != 0u) {
    labels_before = at.labels;
    add_label_surfaces(at.position, crossed);
  }
  if (at.weight > 0.0) {
    let look = transfer_texel(at.hu - first_hu, 0u);
    if (look.a > 0.0) {
      add_matter(at, look);
    }
  }
  return light_taken.a >= enough;
}

fn add_matter(at: Sample, look: vec4f) {
  var opacity = (1.0 - exp2(-look.a * params.step_mm)) * at.weight;
  var color = look.rgb;
  if (params.lit == 1u || params.gradient_opacity == 1u) {
    let gradient = gradient_at(at.position);
    let steepness = length(gradient);
    if (params.gradient_opacity == 1u) {
      opacity *= transfer_texel(steepness * texels_per_gradient, 1u).r;
    }
    if (params.lit == 1u) {
      color = lit_color(color, gradient, min(1.0, steepness / surface_gradient));
    }
  }
  add_light(color, opacity);
}

struct Picture {
  @location(0) color: vec4f,
  @location(1) labels: u32,
}

@fragment
fn project(@builtin(position) position: vec4f) -> Picture {
  march(position.xy);
  return Picture(light_taken, seen_labels);
}
