import { createVolume, lungMask, openEngine } from "hounsfield";
import { chestPhantom } from "hounsfield/phantom";

const phantom = chestPhantom({ size: [96, 96, 40], spacingMm: [3.7, 3.7, 7] });

/** Turned about the patient's length, so that an axis taken for another shows. */
export const grid = { ...phantom.grid, direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1] };

/** Columns of the direction: along rows, down columns, towards the head. */
const [right, down, up] = [0, 1, 2].map((axis) => [0, 1, 2].map((row) => grid.direction[row * 3 + axis]));

/** How pictures look, whoever draws them: a slice, gray by a window, the labels of the lungs in colors. */
export const show = {
  slice: 20,
  window: { center: -300, width: 1400 },
  colors: [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  opacity: 0.5,
  right,
  down,
  up,
  /** Half of what is in the picture. */
  halfHeightMm: (grid.size[1] * grid.spacingMm[1]) / 2,
};

/** The volume in the hands of an engine, and its lungs. */
export async function chest(options = { device: "cpu" }) {
  const engine = await openEngine(options);
  const [columns, rows, slices] = grid.size;
  const data = new Int16Array(columns * rows * slices);
  for (let z = 0; z < slices; z++) data.set(phantom.slice(z), z * columns * rows);
  const volume = await createVolume(engine, { data, grid });
  return { engine, volume, lungs: await lungMask(volume), data };
}

export async function sha256(values) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function placeMm(index) {
  return [0, 1, 2].map(
    (row) =>
      grid.originMm[row] +
      [0, 1, 2].reduce((sum, a) => sum + grid.direction[row * 3 + a] * grid.spacingMm[a] * index[a], 0),
  );
}

/** The largest distance in mm between where a peer has voxels and where we have them. */
export function farthestMm(placeOf) {
  const indices = [
    [0, 0, 0],
    [95, 0, 0],
    [0, 95, 0],
    [10, 20, 39],
  ];
  const distances = indices.map((index) => {
    const mm = placeMm(index);
    return Math.hypot(...Array.from(placeOf(index), (at, i) => at - mm[i]));
  });
  return Math.max(...distances);
}

/** The labels of the slice that pictures show, for who judges them. */
export function shownLabels(labels) {
  const plane = grid.size[0] * grid.size[1];
  return Array.from(labels.subarray(show.slice * plane, (show.slice + 1) * plane));
}
