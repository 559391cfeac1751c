/** One axial slice being painted: parts are laid over each other with edges as soft as a voxel is wide. */
export interface SliceCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly spacingMm: readonly [number, number];
  /** Center of the first voxel, mm. */
  readonly originMm: readonly [number, number];
  readonly zMm: number;
  /** Width over which an edge goes from outside to inside. */
  readonly edgeMm: number;
  /** The same for edges that face head or feet: the thickness of the slice. */
  readonly zEdgeMm: number;
  readonly hu: Float32Array;
  readonly labels: Uint8Array;
}

/** Millimeters within the slice. */
export interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** A value at (x, y) mm; `at` is the index of the voxel, for functions that were sampled before. */
export type PlaneFunction = (x: number, y: number, at: number) => number;

/** First and one past the last index of the voxels whose centers are in [low, high] mm. */
export function indexRange(
  [low, high]: readonly [number, number],
  originMm: number,
  spacingMm: number,
  count: number,
): [number, number] {
  const first = Math.max(0, Math.ceil((low - originMm) / spacingMm));
  const end = Math.min(count, Math.floor((high - originMm) / spacingMm) + 1);
  return [first, end];
}

/** How much of a voxel lies inside a surface `distanceMm` from its center. */
export function coverage(distanceMm: number, edgeMm: number): number {
  return Math.min(1, Math.max(0, 0.5 - distanceMm / edgeMm));
}

/** Lays `hu` over the voxels of `box` that are inside; `label` marks those whose center is. */
export function paint(
  canvas: SliceCanvas,
  box: Box,
  distance: PlaneFunction,
  hu: number | PlaneFunction,
  label?: number | PlaneFunction,
): void {
  const { columns, originMm, spacingMm, edgeMm } = canvas;
  const [i0, i1] = indexRange(box.x, originMm[0], spacingMm[0], columns);
  const [j0, j1] = indexRange(box.y, originMm[1], spacingMm[1], canvas.rows);
  for (let j = j0; j < j1; j++) {
    const y = originMm[1] + j * spacingMm[1];
    for (let i = i0; i < i1; i++) {
      const x = originMm[0] + i * spacingMm[0];
      const at = j * columns + i;
      const d = distance(x, y, at);
      if (d >= edgeMm / 2) continue;
      const value = typeof hu === "number" ? hu : hu(x, y, at);
      canvas.hu[at] += (value - canvas.hu[at]) * coverage(d, edgeMm);
      if (label !== undefined && d < 0)
        canvas.labels[at] = typeof label === "number" ? label : label(x, y, at);
    }
  }
}

/** `value` at every voxel of `box`; `elsewhere` at the others. */
export function sampled(
  canvas: SliceCanvas,
  box: Box,
  value: PlaneFunction,
  elsewhere: number,
): Float32Array {
  const { columns, originMm, spacingMm } = canvas;
  const out = new Float32Array(columns * canvas.rows).fill(elsewhere);
  const [i0, i1] = indexRange(box.x, originMm[0], spacingMm[0], columns);
  const [j0, j1] = indexRange(box.y, originMm[1], spacingMm[1], canvas.rows);
  for (let j = j0; j < j1; j++) {
    for (let i = i0; i < i1; i++) {
      const at = j * columns + i;
      out[at] = value(originMm[0] + i * spacingMm[0], originMm[1] + j * spacingMm[1], at);
    }
  }
  return out;
}
