// Planes out of volumes, masks, slabs and projections; see pictures.js.

/** @typedef {import("hounsfield").Grid} Grid */
/** @typedef {import("./pictures.js").Values} Values */

/**
 * Slice k of a volume or mask.
 * @template {Values} V
 * @param {{ readonly grid: Grid, read(from?: number, to?: number): Promise<V> }} source
 * @param {number} k
 * @returns {Promise<import("./pictures.js").Plane<V>>}
 */
export async function axial(source, k) {
  const { size, spacingMm } = source.grid;
  return {
    width: size[0],
    height: size[1],
    spacingMm: spacingMm.slice(0, 2),
    values: await source.read(k, k + 1),
  };
}

/**
 * Row j of every slice, head up.
 * @param {import("hounsfield").CtVolume | import("hounsfield").BitMask} source
 * @param {number} j
 */
export async function coronal(source, j) {
  return coronalOf(source.grid, await source.read(), j);
}

/**
 * Row j of every slice of the values of a grid, head up.
 * @param {Pick<Grid, "size" | "spacingMm">} grid
 * @param {Int16Array | Uint8Array} all
 * @param {number} j
 */
export function coronalOf({ size, spacingMm }, all, j) {
  const [width, rows, height] = size;
  const values = all.slice(0, width * height);
  for (let k = 0; k < height; k++) {
    const start = (k * rows + j) * width;
    values.set(all.subarray(start, start + width), (height - 1 - k) * width);
  }
  return { width, height, spacingMm: [spacingMm[0], spacingMm[2]], values };
}

/**
 * A projection, head up.
 * @param {import("hounsfield/ops").Projection | import("hounsfield/ops").SumProjection} projection
 */
export function projected(projection) {
  const { plane, width, height, spacingMm } = projection;
  const source = "hu" in projection ? projection.hu : projection.sumsHu;
  if (plane === "axial") return { width, height, spacingMm, values: source };
  const values = source.slice();
  for (let row = 0; row < height; row++) {
    values.set(source.subarray(row * width, (row + 1) * width), (height - 1 - row) * width);
  }
  return { width, height, spacingMm, values };
}

/**
 * Slice k of a result that comes in slabs.
 * @template {Float32Array | Int16Array | Uint8Array} V
 * @param {AsyncIterable<{ readonly z0: number, readonly z1: number, readonly values: V }>} slabs
 * @param {Grid} grid
 * @param {number} k
 */
export async function slabSlice(slabs, { size, spacingMm }, k) {
  const [width, height] = size;
  for await (const { z0, z1, values } of slabs) {
    if (k < z0 || k >= z1) continue;
    const start = (k - z0) * width * height;
    const slice = values.slice(start, start + width * height);
    return { width, height, spacingMm: spacingMm.slice(0, 2), values: slice };
  }
  throw new Error(`no slab has slice ${k}`);
}
