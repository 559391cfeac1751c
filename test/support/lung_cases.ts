import { type Grid, positionMm, type Vec3, voxelCount } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { resample } from "../../src/ops/resample/resample.js";
import type { ResampleTarget } from "../../src/ops/resample/resample_options.js";
import { expectedBits, type Patient, readPatient } from "./real_patients.js";
import { uploadVolume } from "./volumes.js";

/** A chest with its reference, z, y, x: 1 right lung, 2 left lung, 0 neither. */
export interface LungCase {
  readonly grid: Grid;
  readonly hu: Int16Array;
  readonly truth: Uint8Array;
}

/** Of voxels that nothing is known of. */
export const NOT_JUDGED = 255;

/**
 * A patient with the stored refined reference. Of cap001 slices from 30 up are judged, for below the
 * reference holds colon and lacks the tip of the lung, as its README says.
 */
export function patientCase(patient: Patient): LungCase {
  const { grid, hu } = readPatient(patient);
  const truth = storedLungs(patient, hu.length);
  if (patient === "cap001") truth.fill(NOT_JUDGED, 0, 30 * grid.size[0] * grid.size[1]);
  return { grid, hu, truth };
}

/** The stored refined reference as it is: the right lung of `voxels` bits, then the left. */
export function storedLungs(patient: Patient, voxels: number): Uint8Array {
  const bits = expectedBits(`${patient}.lung-refined-right-left.bits.gz`);
  const bit = (at: number) => (bits[at >> 3] >> (at & 7)) & 1;
  const labels = new Uint8Array(voxels);
  for (let i = 0; i < voxels; i++) labels[i] = bit(i) + 2 * bit(voxels + i);
  return labels;
}

/**
 * Which voxels to take: along output axis a go along `axes[a]` of the source, `step[a]` at a time, back where
 * that is negative.
 */
interface Picking {
  readonly axes?: Vec3;
  readonly step?: Vec3;
  readonly size: Vec3;
  /** The source voxel of voxel (0, 0, 0). */
  readonly first: Vec3;
}

/** Voxels of a case in another order, or fewer of them, each where it was in the patient. */
function picked({ grid, hu, truth }: LungCase, { axes = [0, 1, 2], step = [1, 1, 1], size, first }: Picking) {
  const pitch = [1, grid.size[0], grid.size[0] * grid.size[1]];
  const [dx, dy, dz] = axes.map((axis, a) => pitch[axis] * step[a]);
  const start = first[0] * pitch[0] + first[1] * pitch[1] + first[2] * pitch[2];
  const column = (row: number, a: number) => grid.direction[row * 3 + axes[a]] * Math.sign(step[a]);
  const taken: Grid = {
    size,
    spacingMm: each((a) => grid.spacingMm[axes[a]] * Math.abs(step[a])),
    originMm: positionMm(grid, first),
    direction: [0, 1, 2].flatMap((row) => [0, 1, 2].map((a) => column(row, a))),
  };
  const out = {
    grid: taken,
    hu: new Int16Array(voxelCount(taken)),
    truth: new Uint8Array(voxelCount(taken)),
  };
  let i = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      let from = start + z * dz + y * dy;
      for (let x = 0; x < size[0]; x++, i++, from += dx) {
        out.hu[i] = hu[from];
        out.truth[i] = truth[from];
      }
    }
  }
  return out;
}

function each(of: (axis: number) => number): Vec3 {
  return [of(0), of(1), of(2)];
}

/**
 * Stored in another order: along x, y, z of the result the letters' directions of the patient (R or L, A or
 * P, I or S); "RAI" is prone and feet first, "PSL" is sagittal slices. The grid of `whole` has LPS axes.
 */
export function turned(whole: LungCase, letters: string): LungCase {
  const axes = [...letters].map((letter) => Math.floor("LRPASI".indexOf(letter) / 2));
  const back = [...letters].map((letter) => "LRPASI".indexOf(letter) % 2 === 1);
  const first: [number, number, number] = [0, 0, 0];
  for (const [a, axis] of axes.entries()) if (back[a]) first[axis] = whole.grid.size[axis] - 1;
  return picked(whole, {
    axes: each((a) => axes[a]),
    step: each((a) => (back[a] ? -1 : 1)),
    size: each((a) => whole.grid.size[axes[a]]),
    first,
  });
}

/** Voxels [from, to) along an axis, in parts of all. */
export function between(whole: LungCase, axis: 0 | 1 | 2, from: number, to: number): LungCase {
  const all = whole.grid.size[axis];
  const [start, end] = [Math.round(all * from), Math.round(all * to)];
  return picked(whole, {
    size: each((a) => (a === axis ? end - start : whole.grid.size[a])),
    first: each((a) => (a === axis ? start : 0)),
  });
}

/** Every step-th voxel, with nothing between them: gaps. */
export function thinned(whole: LungCase, step: Vec3): LungCase {
  return picked(whole, {
    step,
    size: each((a) => Math.ceil(whole.grid.size[a] / step[a])),
    first: [0, 0, 0],
  });
}

/**
 * Means of blocks of voxels, as thicker slices and larger pixels give; a block is of a lung where most of it
 * is.
 */
export function averaged({ grid, hu, truth }: LungCase, by: Vec3): LungCase {
  const size = each((a) => Math.floor(grid.size[a] / by[a]));
  const length = size[0] * size[1] * size[2];
  const sums = new Int32Array(length);
  const votes = [new Uint16Array(length), new Uint16Array(length), new Uint16Array(length)];
  const [nx, ny] = grid.size;
  for (let z = 0; z < size[2] * by[2]; z++) {
    for (let y = 0; y < size[1] * by[1]; y++) {
      const row = (Math.floor(z / by[2]) * size[1] + Math.floor(y / by[1])) * size[0];
      for (let x = 0; x < size[0] * by[0]; x++) {
        const [from, to] = [(z * ny + y) * nx + x, row + Math.floor(x / by[0])];
        sums[to] += hu[from];
        if (truth[from] > 0) votes[Math.min(truth[from], 3) - 1][to]++;
      }
    }
  }
  const count = by[0] * by[1] * by[2];
  const [right, left, unknown] = votes;
  const most = (i: number) => (2 * right[i] >= count ? 1 : 2 * left[i] >= count ? 2 : 0);
  const spacingMm = each((a) => grid.spacingMm[a] * by[a]);
  const originMm = positionMm(
    grid,
    each((a) => (by[a] - 1) / 2),
  );
  return {
    grid: { ...grid, size, spacingMm, originMm },
    hu: Int16Array.from(sums, (sum) => Math.round(sum / count)),
    truth: Uint8Array.from(sums, (_, i) => (unknown[i] > 0 ? NOT_JUDGED : most(i))),
  };
}

/**
 * Resampled linearly, air beyond the volume; a voxel is of a lung where that is most of it, by the same
 * weights.
 */
export async function resampled(
  engine: Engine,
  { grid, hu, truth }: LungCase,
  target: ResampleTarget,
): Promise<LungCase> {
  const move = async (voxels: Int16Array, constantHu: number) => {
    using volume = await uploadVolume(engine, grid, voxels);
    using result = await resample(volume, { ...target, border: { constantHu } });
    return { grid: result.grid, voxels: await result.read() };
  };
  const share = async (label: number) =>
    (
      await move(
        Int16Array.from(truth, (one) => (one === label ? 1000 : 0)),
        0,
      )
    ).voxels;
  const [right, left, unknown] = [await share(1), await share(2), await share(NOT_JUDGED)];
  const most = (i: number) => (right[i] >= 500 ? 1 : left[i] >= 500 ? 2 : 0);
  const moved = await move(hu, -1024);
  return {
    grid: moved.grid,
    hu: moved.voxels,
    truth: Uint8Array.from(right, (_, i) => (unknown[i] > 0 ? NOT_JUDGED : most(i))),
  };
}

/** A grid of the same size, turned about the long axis of the body, around the middle of the volume. */
export function rolledGrid(grid: Grid, degrees: number): Grid {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const direction = [c, -s, 0, s, c, 0, 0, 0, 1];
  const middle = each((a) => (grid.size[a] - 1) / 2);
  const here = positionMm(grid, middle);
  const there = positionMm({ ...grid, direction }, middle);
  return { ...grid, direction, originMm: each((a) => grid.originMm[a] + here[a] - there[a]) };
}
