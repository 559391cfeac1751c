import type { Coding } from "./coding.js";
import { createTagTree, type TagTree } from "./tag_tree.js";

/** Half-open, in samples of the band or resolution it is of. */
export interface Area {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A codeword segment: passes, and where in the code stream its bytes are, a piece for each layer. */
export interface Segment {
  passes: number;
  readonly pieces: { readonly offset: number; readonly length: number }[];
}

export interface CodeBlock extends Area {
  readonly column: number;
  readonly row: number;
  /** -1 until a packet includes it. */
  zeroPlanes: number;
  passes: number;
  lengthBits: number;
  readonly segments: Segment[];
}

/** Part of a band in one precinct. */
export interface PrecinctBand {
  readonly blocks: readonly CodeBlock[];
  readonly inclusion: TagTree;
  readonly planes: TagTree;
}

export interface Precinct {
  /** First point on the reference grid, by which the position progressions go. */
  readonly x: number;
  readonly y: number;
  readonly bands: readonly PrecinctBand[];
  nextLayer: number;
}

/** Sub-bands by their index in the quantization's steps: LL, then HL, LH, HH a level. */
export interface Band extends Area {
  readonly index: number;
  readonly highX: boolean;
  readonly highY: boolean;
}

export interface Resolution extends Area {
  readonly bands: readonly Band[];
  readonly precincts: readonly Precinct[];
}

/** How many precincts the tile has (T.800 B.6), before any is made. */
export function countPrecincts(tile: Area, coding: Coding): number {
  let count = 0;
  for (let r = 0; r <= coding.levels; r++) {
    const { columns, rows } = precinctSpan(tile, coding, r);
    count += columns * rows;
  }
  return count;
}

/** Resolutions, bands, precincts and code-blocks of a tile (T.800 B.5 to B.7). */
export function createTileGrid(tile: Area, coding: Coding): Resolution[] {
  return Array.from({ length: coding.levels + 1 }, (_, r) => createResolution(tile, coding, r));
}

function createResolution(tile: Area, coding: Coding, r: number): Resolution {
  const { area, columns, rows, left, top, width, height } = precinctSpan(tile, coding, r);
  const bands = bandsOf(tile, coding.levels, r);
  const half = r > 0 ? 2 : 1;
  const scale = 2 ** (coding.levels - r);
  const block = {
    width: Math.min(coding.blockWidth, width / half),
    height: Math.min(coding.blockHeight, height / half),
  };
  const precincts: Precinct[] = [];
  for (let row = top; row < top + rows; row++) {
    for (let column = left; column < left + columns; column++) {
      const [x, y] = [(column * width) / half, (row * height) / half];
      const part = { x0: x, y0: y, x1: x + width / half, y1: y + height / half };
      precincts.push({
        x: Math.max(tile.x0, column * width * scale),
        y: Math.max(tile.y0, row * height * scale),
        bands: bands.map((band) => createPrecinctBand(intersection(band, part), block)),
        nextLayer: 0,
      });
    }
  }
  return { ...area, bands, precincts };
}

function createPrecinctBand(area: Area, { width, height }: { width: number; height: number }): PrecinctBand {
  const blocks: CodeBlock[] = [];
  const [left, top] = [Math.floor(area.x0 / width), Math.floor(area.y0 / height)];
  const isEmpty = area.x1 <= area.x0 || area.y1 <= area.y0;
  const columns = isEmpty ? 0 : Math.ceil(area.x1 / width) - left;
  const rows = isEmpty ? 0 : Math.ceil(area.y1 / height) - top;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x0, y0] = [(left + column) * width, (top + row) * height];
      const place = intersection(area, { x0, y0, x1: x0 + width, y1: y0 + height });
      blocks.push({ ...place, column, row, zeroPlanes: -1, passes: 0, lengthBits: 3, segments: [] });
    }
  }
  return { blocks, inclusion: createTagTree(columns, rows), planes: createTagTree(columns, rows) };
}

function bandsOf(tile: Area, levels: number, r: number): Band[] {
  if (r === 0) return [bandOf(tile, levels, 0, 0, 0)];
  const level = levels - r + 1;
  const first = 3 * r - 2;
  return [
    bandOf(tile, level, 1, 0, first),
    bandOf(tile, level, 0, 1, first + 1),
    bandOf(tile, level, 1, 1, first + 2),
  ];
}

/** T.800 equation B-15. */
function bandOf(tile: Area, level: number, highX: number, highY: number, index: number): Band {
  const scale = 2 ** level;
  const x = (at: number) => Math.ceil((at - (scale / 2) * highX) / scale);
  const y = (at: number) => Math.ceil((at - (scale / 2) * highY) / scale);
  const area = { x0: x(tile.x0), y0: y(tile.y0), x1: x(tile.x1), y1: y(tile.y1) };
  return { ...area, index, highX: highX === 1, highY: highY === 1 };
}

/** T.800 equations B-14 and B-16. */
function precinctSpan(tile: Area, { levels, precincts }: Coding, r: number) {
  const scale = 2 ** (levels - r);
  const [x0, y0, x1, y1] = [tile.x0, tile.y0, tile.x1, tile.y1].map((at) => Math.ceil(at / scale));
  const { width, height } = precincts[r];
  const [left, top] = [Math.floor(x0 / width), Math.floor(y0 / height)];
  const isEmpty = x1 <= x0 || y1 <= y0;
  const columns = isEmpty ? 0 : Math.ceil(x1 / width) - left;
  const rows = isEmpty ? 0 : Math.ceil(y1 / height) - top;
  return { area: { x0, y0, x1, y1 }, columns, rows, left, top, width, height };
}

function intersection(a: Area, b: Area): Area {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}
