// Numbers to pictures; see pictures.js.
import { colors } from "./pictures.js";

/** @typedef {import("hounsfield").Grid} Grid */
/** @typedef {import("./pictures.js").Color} Color */

const PAPER = 24;

/** @param {number} width @param {number} height */
function blank(width, height) {
  const rgb = new Uint8Array(width * height * 3).fill(PAPER);
  /** @param {number} x @param {number} y @param {Color} color */
  const set = (x, y, color) => {
    if (x >= 0 && y >= 0 && x < width && y < height) rgb.set(color, (y * width + x) * 3);
  };
  return { width, height, rgb, set };
}

/**
 * Counts, `wide` pixels each, on a logarithmic scale or a plain one: the first series as bars, those after as
 * lines over them.
 * @param {readonly (ArrayLike<number> & Iterable<number>)[]} seriesOfCounts
 * @param {{ height?: number, wide?: number, logarithmic?: boolean }} [options]
 */
export function bars(seriesOfCounts, { height = 128, wide = 1, logarithmic = false } = {}) {
  const { set, ...picture } = blank(seriesOfCounts[0].length * wide, height);
  /** @param {number} count */
  const scaled = (count) => (logarithmic ? Math.log1p(count) : count);
  const most = Math.max(...seriesOfCounts.flatMap((counts) => [...counts].map(scaled)));
  for (const [s, counts] of seriesOfCounts.entries()) {
    let last = height;
    for (let x = 0; x < picture.width; x++) {
      const top = height - Math.round((scaled(counts[Math.floor(x / wide)]) / most) * (height - 8));
      const bottom = s === 0 ? height : Math.max(top, last) + 2;
      for (let y = s === 0 ? top : Math.min(top, last); y < bottom; y++) set(x, y, colors[s]);
      last = top;
    }
  }
  return picture;
}

/**
 * Functions of HU to 0..1, from one HU to another, one color each. Where they agree, the last is seen.
 * @param {readonly ((hu: number) => number)[]} functions
 * @param {number} fromHu
 * @param {number} toHu
 */
export function curves(functions, fromHu, toHu) {
  const [width, height, margin] = [256, 160, 8];
  const { set, ...picture } = blank(width, height);
  /** @param {number} value */
  const rowOf = (value) => Math.round(height - 1 - margin - value * (height - 1 - 2 * margin));
  for (const [s, of] of functions.entries()) {
    let last = rowOf(of(fromHu));
    for (let x = 0; x < width; x++) {
      const row = rowOf(of(fromHu + ((toHu - fromHu) * x) / (width - 1)));
      for (let y = Math.min(row, last); y <= Math.max(row, last) + 1; y++) set(x, y, colors[s]);
      last = row;
    }
  }
  return picture;
}

/**
 * The voxels of a source grid as tiles, and the voxel centers of another grid as dots. Both start within the
 * picture; 24 pixels a mm.
 * @param {Grid} source
 * @param {Grid} grid
 */
export function lattice(source, grid) {
  const scale = 24;
  const edge = 12;
  const [wide, high] = [0, 1].map((axis) => source.size[axis] * source.spacingMm[axis] * scale + 2 * edge);
  const { set, ...picture } = blank(wide, high);
  /** @param {Grid} from @param {number} index @param {0 | 1} axis */
  const pixelOf = (from, index, axis) =>
    Math.round(
      edge + (from.originMm[axis] + index * from.spacingMm[axis] + source.spacingMm[axis] / 2) * scale,
    );
  /** @param {number} x @param {number} y @param {number} reach @param {Color} color */
  const square = (x, y, reach, color) => {
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) set(x + dx, y + dy, color);
  };
  /** @param {Grid} grid @param {(i: number, j: number) => void} mark */
  const each = ({ size }, mark) => {
    for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++) mark(i, j);
  };
  each(source, (i, j) => {
    square(pixelOf(source, i, 0), pixelOf(source, j, 1), 11, [92, 92, 92]);
    square(pixelOf(source, i, 0), pixelOf(source, j, 1), 1, [200, 200, 200]);
  });
  each(grid, (i, j) => square(pixelOf(grid, i, 0), pixelOf(grid, j, 1), 3, colors[0]));
  return picture;
}
