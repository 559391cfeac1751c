// Used by: src/ops/mask/distance_slabs.ts
/**
 * CPU body of shaders/mask/distance_line.wgsl: the lower envelope of parabolas along each line (Felzenszwalb
 * and Huttenlocher 2012), by the same formulas. A line is copied to scratch, where its envelope is built too:
 * the binding for envelopes is not touched. Split: y.
 */
export function distance_line(
  first: u32,
  inner: u32,
  inner_step: u32,
  outer_step: u32,
  length: u32,
  step: u32,
  weight: f32,
  most: f32,
  nowhere: f32,
  squares: usize,
  reached: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const sites = scratch + (length << 2);
  for (let k = from; k < to; k++) {
    for (let i: u32 = 0; i < inner; i++) {
      const base = (first + k * outer_step + i * inner_step) << 2;
      let at = squares + base;
      for (let q: u32 = 0; q < length; q++, at += step << 2) store<f32>(scratch + (q << 2), load<f32>(at));
      const arcs = build_envelope(scratch, sites, length, weight, most);
      walk_envelope(scratch, sites, arcs, length, step << 2, weight, most, nowhere, reached + base);
    }
  }
}

/** The line, then site and start of each arc. */
export function distance_line_scratch(length: u32): usize {
  return <usize>((length + 1) * 12);
}

/** How many arcs there are. */
function build_envelope(line: usize, sites: usize, length: u32, weight: f32, most: f32): u32 {
  let arcs: u32 = 0;
  for (let q: u32 = 0; q < length; q++) {
    const square = load<f32>(line + (q << 2));
    if (square > most) continue;
    let start: f32 = -1;
    while (arcs > 0) {
      const top = sites + ((arcs - 1) << 3);
      const site = load<u32>(top);
      const middle: f32 = <f32>0.5 * <f32>(q + site);
      start = middle + (square - load<f32>(line + (site << 2))) / (2 * weight * <f32>(q - site));
      if (start > load<f32>(top, 4)) break;
      arcs--;
      start = -1;
    }
    // What begins behind the line's end is never the lowest.
    if (start < <f32>length) {
      store<u32>(sites + (arcs << 3), q);
      store<f32>(sites + (arcs << 3), start, 4);
      arcs++;
    }
  }
  return arcs;
}

function walk_envelope(
  line: usize,
  sites: usize,
  arcs: u32,
  length: u32,
  step_bytes: u32,
  weight: f32,
  most: f32,
  nowhere: f32,
  out: usize,
): void {
  if (arcs == 0) {
    for (let q: u32 = 0; q < length; q++, out += step_bytes) store<f32>(out, nowhere);
    return;
  }
  let arc: u32 = 0;
  let site = load<u32>(sites);
  let square = load<f32>(line + (site << 2));
  let next: f32 = arcs > 1 ? load<f32>(sites, 12) : <f32>length;
  for (let q: u32 = 0; q < length; q++, out += step_bytes) {
    while (next < <f32>q) {
      arc++;
      site = load<u32>(sites + (arc << 3));
      square = load<f32>(line + (site << 2));
      next = arc + 1 < arcs ? load<f32>(sites + ((arc + 1) << 3), 4) : <f32>length;
    }
    const away: f32 = <f32>(max(q, site) - min(q, site));
    const sum: f32 = weight * away * away + square;
    store<f32>(out, sum > most ? nowhere : sum);
  }
}
