// What a projection gives a pixel, before any window: HU, and the labels that the ray met.
struct Picture {
  @location(0) hu: f32,
  @location(1) labels: u32,
}
