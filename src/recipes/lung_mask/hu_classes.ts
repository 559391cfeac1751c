/*
 * Thresholds that are known beforehand cut HU into classes, and few bits a voxel tell its class: of 15
 * thresholds 4. The bits are a reflected Gray code (Gray 1953): neighboring classes differ in one bit, so
 * each threshold is an edge of one bit plane alone, and a bit plane is a few intervals of HU.
 */

/** HU [fromHu, belowHu); without an upper end where that is absent. */
export interface HuInterval {
  readonly fromHu: number;
  readonly belowHu?: number;
}

/**
 * The intervals whose union each bit plane is, lowest bit first. `edgesHu` ascend: class i ends below edge i.
 */
export function planesOf(edgesHu: readonly number[]): HuInterval[][] {
  const planes = Math.max(1, Math.ceil(Math.log2(edgesHu.length + 1)));
  return Array.from({ length: planes }, (_, bit) => intervalsOf(edgesHu, bit));
}

function intervalsOf(edgesHu: readonly number[], bit: number): HuInterval[] {
  const isSet = (hu: number) => (((hu ^ (hu >> 1)) >> bit) & 1) === 1;
  const intervals: HuInterval[] = [];
  for (let first = 1; first <= edgesHu.length; first++) {
    if (!isSet(first) || isSet(first - 1)) continue;
    let end = first + 1;
    while (end <= edgesHu.length && isSet(end)) end++;
    const fromHu = edgesHu[first - 1];
    intervals.push(end > edgesHu.length ? { fromHu } : { fromHu, belowHu: edgesHu[end - 1] });
  }
  return intervals;
}

/** A set of voxels made of bit planes; `inverted` where it is all but those. */
export interface PlaneSet {
  readonly steps: readonly PlaneStep[];
  readonly inverted: boolean;
}

/**
 * What was made so far is put together with plane `bit`: "without" takes the plane away from it, "from" takes
 * it away from the plane. The first is a plane alone.
 */
export interface PlaneStep {
  readonly rule: "plane" | "and" | "or" | "without" | "from";
  readonly bit: number;
}

/** The voxels of classes below `end`, of `bits` planes; `end` is at least 1 and below 2 ** `bits`. */
export function classesBelow(end: number, bits: number): PlaneSet {
  const bit = bits - 1;
  const half = 2 ** bit;
  if (end === half) return { steps: [{ rule: "plane", bit }], inverted: true };
  // The upper half is the lower one, mirrored: what is set there beyond `end` are the first classes.
  const { steps, inverted } = classesBelow(end < half ? end : 2 * half - end, bit);
  if (end < half) {
    return inverted
      ? { steps: [...steps, { rule: "or", bit }], inverted: true }
      : { steps: [...steps, { rule: "without", bit }], inverted: false };
  }
  return inverted
    ? { steps: [...steps, { rule: "from", bit }], inverted: true }
    : { steps: [...steps, { rule: "and", bit }], inverted: true };
}
