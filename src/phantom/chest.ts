import { HounsfieldError } from "../core/errors.js";
import type { Grid, Vec3 } from "../core/grid.js";
import { checkOptions, invalidOption } from "../core/options.js";
import { finite, listOf, notNegative, number } from "../core/rules.js";
import { groundGlass, paintNodule, spicules } from "./lesions.js";
import { type LungTrees, lungTrees, paintLungTrees } from "./lung_trees.js";
import { lungDistance, paintLungs } from "./lungs.js";
import { paintMediastinum } from "./mediastinum.js";
import { sliceNoise } from "./noise.js";
import { buildSkeleton, paintSkeleton, type Skeleton } from "./skeleton.js";
import { type SliceCanvas, sampled } from "./slice_canvas.js";
import { paintAbdomen, paintBody, paintTable } from "./soft_tissue.js";
import { cavityBox, trunkLevel } from "./trunk.js";
import type { Tube } from "./tubes.js";

/** Options of chestPhantom. */
export interface ChestPhantomOptions {
  /** Voxels along x, y, z; 256, 256, 96 unless told. */
  readonly size?: Vec3;
  /** Unless told, what makes `size` cover 358.4 x 358.4 x 288 mm: 1.4, 1.4, 3 mm for the default size. */
  readonly spacingMm?: Vec3;
  /** Another seed gives other vessels, airways, textures and noise in the same trunk. */
  readonly seed?: number;
  /** Standard deviation of the noise in HU; 12 unless told. */
  readonly noiseHu?: number;
}

/** A generated chest: int16 HU on a grid, and how it was made. */
export interface ChestPhantom {
  /** Axial, head first and face up: x grows to the patient's left, y to the back, z to the head. */
  readonly grid: Grid;
  readonly seed: number;
  /**
   * HU of slice k (rows x columns, row-major), -1024..3071; -1024 outside the round field of reconstruction.
   */
  slice(k: number): Int16Array;
  /**
   * Truth of slice k: 1 right lung, 2 left lung (vessels and lesions within included), 3 air of the airways,
   * else 0.
   */
  labels(k: number): Uint8Array;
}

const DEFAULT_SIZE: Vec3 = [256, 256, 96];
const EXTENT_MM: Vec3 = [358.4, 358.4, 288];

interface Anatomy {
  readonly seed: number;
  readonly noiseHu: number;
  readonly trees: LungTrees;
  readonly skeleton: Skeleton;
  readonly spikes: readonly Tube[];
}

/**
 * An analytic chest CT without contrast medium: every slice is computed from formulas when it is asked for,
 * and the same options give the same voxels.
 * @throws HounsfieldError `invalid-option` for a size or spacing that is not positive
 */
export function chestPhantom(options: ChestPhantomOptions = {}): ChestPhantom {
  const checked = checkOptions("chestPhantom", options, {
    size: listOf(number, "3 whole numbers above 0", 3),
    spacingMm: listOf(number, "3 finite numbers above 0", 3),
    seed: finite,
    noiseHu: notNegative,
  });
  const { seed = 1, noiseHu = 12 } = checked;
  const grid = phantomGrid(checked);
  const anatomy: Anatomy = {
    seed,
    noiseHu,
    trees: lungTrees(seed),
    skeleton: buildSkeleton(),
    spikes: spicules(seed),
  };
  const canvasAt = (k: number) => {
    if (Number.isInteger(k) && k >= 0 && k < grid.size[2]) return emptyCanvas(grid, k);
    throw invalidOption("chestPhantom", "slice", k, `0 to ${grid.size[2] - 1}`);
  };
  return {
    grid,
    seed,
    slice(k) {
      const canvas = canvasAt(k);
      paintSlice(canvas, anatomy);
      return reconstructed(canvas, k, anatomy);
    },
    labels(k) {
      const canvas = canvasAt(k);
      paintAir(canvas, anatomy);
      return canvas.labels;
    },
  };
}

function phantomGrid({ size = DEFAULT_SIZE, spacingMm }: ChestPhantomOptions): Grid {
  const spacing =
    spacingMm ?? ([EXTENT_MM[0] / size[0], EXTENT_MM[1] / size[1], EXTENT_MM[2] / size[2]] as const);
  if (!size.every((n) => Number.isInteger(n) && n > 0) || !spacing.every((mm) => mm > 0 && mm < Infinity)) {
    throw new HounsfieldError(
      "invalid-option",
      `chest phantom: size ${size.join(" x ")}, spacing ${spacing.join(" x ")} mm; accepted: positive`,
      { got: { size, spacingMm: spacing } },
    );
  }
  // Millimeters with 6 decimals, as they are written to files.
  const round = (mm: number) => Math.round(mm * 1e6) / 1e6;
  const middle = (axis: number) => round((-(size[axis] - 1) * spacing[axis]) / 2);
  return {
    size,
    spacingMm: [round(spacing[0]), round(spacing[1]), round(spacing[2])],
    // The lowest slice is half a spacing above the height 0 of the anatomy.
    originMm: [middle(0), middle(1), round(spacing[2] / 2)],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}

function emptyCanvas({ size, spacingMm, originMm }: Grid, k: number): SliceCanvas {
  const count = size[0] * size[1];
  return {
    columns: size[0],
    rows: size[1],
    spacingMm: [spacingMm[0], spacingMm[1]],
    originMm: [originMm[0], originMm[1]],
    zMm: originMm[2] + k * spacingMm[2],
    edgeMm: Math.max(spacingMm[0], spacingMm[1]),
    zEdgeMm: Math.max(...spacingMm),
    hu: new Float32Array(count).fill(-1000),
    labels: new Uint8Array(count),
  };
}

function paintSlice(canvas: SliceCanvas, anatomy: Anatomy): void {
  const level = trunkLevel(canvas.zMm);
  paintTable(canvas);
  paintBody(canvas, level, anatomy.seed + 10);
  paintMediastinum(canvas, level);
  paintAbdomen(canvas, level, anatomy.seed + 20);
  paintAir(canvas, anatomy);
  paintNodule(canvas, anatomy.spikes, anatomy.seed + 40);
  paintSkeleton(canvas, level, anatomy.skeleton);
}

/** Lungs with their trees: all that has a label. */
function paintAir(canvas: SliceCanvas, { seed, trees }: Anatomy): void {
  const level = trunkLevel(canvas.zMm);
  const distances = sampled(canvas, cavityBox(level), lungDistance(level), Infinity);
  paintLungs(canvas, level, distances, groundGlass(canvas.zMm, seed + 30), seed + 31);
  paintLungTrees(canvas, trees, distances);
}

/** Adds the noise, rounds, and cuts the field of reconstruction. */
function reconstructed(canvas: SliceCanvas, k: number, { seed, noiseHu }: Anatomy): Int16Array {
  const { columns, rows, hu, originMm, spacingMm } = canvas;
  const noise = sliceNoise(columns, rows, k, seed + 50);
  const out = new Int16Array(columns * rows);
  const radius = Math.min(columns * spacingMm[0], rows * spacingMm[1]) / 2;
  for (let j = 0; j < rows; j++) {
    const y = originMm[1] + j * spacingMm[1];
    for (let i = 0; i < columns; i++) {
      const x = originMm[0] + i * spacingMm[0];
      const at = j * columns + i;
      const inField = x * x + y * y <= radius * radius;
      const value = Math.round(hu[at] + noiseHu * noise[at]);
      out[at] = inField ? Math.min(3071, Math.max(-1024, value)) : -1024;
    }
  }
  return out;
}
