import type { Grid } from "../../core/grid.js";
import { GrowingArray } from "./growing_array.js";
import { marchTable } from "./march_table.js";

/** Where on the edge from a voxel to the next one along an axis the surface is, from 0 to 1. */
export type CrossingOf = (axis: number, x: number, y: number, z: number) => number;

/** A mesh in index coordinates: voxel (i, j, k) has its center at i, j, k. */
export interface IndexMesh {
  readonly positions: Float32Array<ArrayBuffer>;
  readonly triangles: Uint32Array<ArrayBuffer>;
}

/**
 * The surface between the set bits of a mask and the rest, outside of the grid counting as not set. `rows`
 * gives the words of slice z, 32 voxels along x to a u32 and rows of whole words, ascending; of slices at the
 * ends, -1 and the last, nothing is asked. Words that are all in or all out are passed over at once.
 */
export async function march(
  { size }: Pick<Grid, "size">,
  rows: (z: number) => Promise<Uint32Array>,
  crossing: CrossingOf = () => 0.5,
): Promise<IndexMesh> {
  const [nx, ny, nz] = size;
  const marcher = new LayerMarcher(nx, ny, crossing);
  let below = marcher.emptySlice();
  for (let z = -1; z < nz; z++) {
    const above = z + 1 < nz ? marcher.padded(await rows(z + 1)) : marcher.emptySlice();
    marcher.layer(z, below, above);
    below = above;
  }
  return marcher.mesh();
}

/** Layers of cubes, one after the other; x and y of its cubes count from 1 before the grid. */
class LayerMarcher {
  readonly #table = marchTable();
  readonly #positions = new GrowingArray(Float32Array);
  readonly #triangles = new GrowingArray(Uint32Array);
  /** Words of a padded row: a voxel before the grid and one behind it, and a word that nobody reads into. */
  readonly #words: number;
  readonly #width: number;
  readonly #plane: number;
  /** The vertex on each edge along x and along y of the lower and of the upper slice, and along z between. */
  readonly #slots: Int32Array;
  readonly #bases = new Int32Array(12);
  /** A vertex in a slot is of an earlier layer where it is below. */
  readonly #first = new Int32Array(12);
  #vertices = 0;
  #lastFirst = 0;

  constructor(
    readonly nx: number,
    readonly ny: number,
    readonly crossing: CrossingOf,
  ) {
    this.#words = Math.ceil((nx + 2) / 32) + 1;
    this.#width = nx + 2;
    this.#plane = this.#width * (ny + 2);
    this.#slots = new Int32Array(5 * this.#plane).fill(-1);
  }

  emptySlice(): Uint32Array {
    return new Uint32Array(this.#words * (this.ny + 2));
  }

  /** A slice's words with a bit before each row and a row before the first. */
  padded(words: Uint32Array): Uint32Array {
    const out = this.emptySlice();
    const own = Math.ceil(this.nx / 32);
    for (let y = 0; y < this.ny; y++) {
      let carry = 0;
      for (let k = 0; k <= own && k < this.#words; k++) {
        const word = k < own ? words[y * own + k] : 0;
        out[(y + 1) * this.#words + k] = (word << 1) | carry;
        carry = word >>> 31;
      }
    }
    return out;
  }

  /** The cubes between slice z and the one above it. */
  layer(z: number, below: Uint32Array, above: Uint32Array): void {
    this.#place(z);
    const words = this.#words;
    for (let y = 0; y <= this.ny; y++) {
      for (let k = 0; k < words - 1; k++) {
        const at = y * words + k;
        const [a, b, c, d] = [below[at], below[at + words], above[at], above[at + words]];
        const an = (a >>> 1) | (below[at + 1] << 31);
        const bn = (b >>> 1) | (below[at + words + 1] << 31);
        const cn = (c >>> 1) | (above[at + 1] << 31);
        const dn = (d >>> 1) | (above[at + words + 1] << 31);
        let mixed = (a | b | c | d | an | bn | cn | dn) & ~(a & b & c & d & an & bn & cn & dn);
        while (mixed !== 0) {
          const bit = 31 - Math.clz32(mixed & -mixed);
          mixed &= mixed - 1;
          const inside =
            ((a >>> bit) & 1) |
            (((an >>> bit) & 1) << 1) |
            (((b >>> bit) & 1) << 2) |
            (((bn >>> bit) & 1) << 3) |
            (((c >>> bit) & 1) << 4) |
            (((cn >>> bit) & 1) << 5) |
            (((d >>> bit) & 1) << 6) |
            (((dn >>> bit) & 1) << 7);
          this.#cube(inside, k * 32 + bit, y, z);
        }
      }
    }
  }

  mesh(): IndexMesh {
    return { positions: this.#positions.take(), triangles: this.#triangles.take() };
  }

  /**
   * Which slots the edges of this layer's cubes have: those of the slice above are the next layer's below.
   */
  #place(z: number): void {
    const [low, high] = (z & 1) === 0 ? [0, 2] : [2, 0];
    for (let edge = 0; edge < 12; edge++) {
      const axis = edge >> 2;
      const [u, v] = [edge & 1, (edge >> 1) & 1];
      // Of x edges u is y, of the others x; v is z, but for z edges, of which it is y.
      const plane = axis === 2 ? 4 : (v === 0 ? low : high) + axis;
      const shift = axis === 0 ? u * this.#width : axis === 1 ? u : u + v * this.#width;
      this.#bases[edge] = plane * this.#plane + shift;
      this.#first[edge] = axis < 2 && v === 0 ? this.#lastFirst : this.#vertices;
    }
    this.#lastFirst = this.#vertices;
  }

  #cube(inside: number, x: number, y: number, z: number): void {
    const edges = this.#table[inside];
    const at = y * this.#width + x;
    this.#triangles.reserve(edges.length);
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i];
      const slot = this.#bases[edge] + at;
      let vertex = this.#slots[slot];
      if (vertex < this.#first[edge]) {
        vertex = this.#vertices++;
        this.#slots[slot] = vertex;
        this.#addVertex(edge, x - 1, y - 1, z);
      }
      this.#triangles.push(vertex);
    }
  }

  #addVertex(edge: number, x: number, y: number, z: number): void {
    const axis = edge >> 2;
    const [u, v] = [edge & 1, (edge >> 1) & 1];
    const px = axis === 0 ? x : x + u;
    const py = axis === 0 ? y + u : axis === 1 ? y : y + v;
    const pz = axis === 2 ? z : z + v;
    const along = this.crossing(axis, px, py, pz);
    this.#positions.reserve(3);
    this.#positions.push(axis === 0 ? px + along : px);
    this.#positions.push(axis === 1 ? py + along : py);
    this.#positions.push(axis === 2 ? pz + along : pz);
  }
}
