// Planes out of volumes, masks, slabs and projections; see pictures.js.

/** Slice k of a volume or mask. */
export async function axial(source, k) {
  const { size, spacingMm } = source.grid;
  return {
    width: size[0],
    height: size[1],
    spacingMm: spacingMm.slice(0, 2),
    values: await source.read(k, k + 1),
  };
}

/** Row j of every slice, head up. */
export async function coronal(source, j) {
  return coronalOf(source.grid, await source.read(), j);
}

/** Row j of every slice of the values of a grid, head up. */
export function coronalOf({ size, spacingMm }, all, j) {
  const [width, rows, height] = size;
  const values = all.slice(0, width * height);
  for (let k = 0; k < height; k++) {
    const start = (k * rows + j) * width;
    values.set(all.subarray(start, start + width), (height - 1 - k) * width);
  }
  return { width, height, spacingMm: [spacingMm[0], spacingMm[2]], values };
}

/** A projection, head up. */
export function projected({ plane, width, height, spacingMm, hu, sumsHu }) {
  const source = hu ?? sumsHu;
  if (plane === "axial") return { width, height, spacingMm, values: source };
  const values = source.slice();
  for (let row = 0; row < height; row++) {
    values.set(source.subarray(row * width, (row + 1) * width), (height - 1 - row) * width);
  }
  return { width, height, spacingMm, values };
}

/** Slice k of a result that comes in slabs. */
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
