// Resampling for the gallery.
import {
  boundingBox,
  crop,
  pad,
  reorient,
  resample,
  resampleMask,
  resampleSlabs,
  resampleToFloat,
  targetGrid,
} from "hounsfield/ops";
import { entry, panel } from "./entry.js";
import { gray } from "./pictures.js";
import { axial, coronal, coronalOf } from "./planes.js";
import { lattice } from "./plots.js";
import { areas, level } from "./scene.js";
import { overlayOf, viewOf } from "./views.js";

const kernels = /** @type {const} */ (["nearest", "linear", "catmull-rom", "b-spline", "lanczos3"]);
const close = { area: areas.roots, mm: 0.8 };
const alignments = [
  "origin: the first voxel stays",
  "edges: the outer edges stay",
  "corners: the corner voxels stay",
];
const rings = [-1000, 1000];

export const resampling = [
  entry({
    title: "Kernels",
    exactness:
      "`nearest` exact; before rounding to whole HU `linear` within 0.001 HU of exact arithmetic, `b-spline` 0.01, the others 0.003.",
    run: async ({ coarse }) => {
      const finer = [];
      for (const kernel of kernels) {
        finer.push(await resample(coarse, { spacingMm: [0.8, 0.8, 4], align: "edges", kernel }));
      }
      return finer;
    },
    show: async (finer, { coarse }) => {
      const panels = [panel("6.4 mm", await viewOf(coarse, close))];
      for (const [i, one] of finer.entries()) {
        panels.push(panel(`0.8 mm, \`${kernels[i]}\``, await viewOf(one, close)));
        one.destroy();
      }
      return { panels };
    },
  }),
  entry({
    title: "Shrinking with and without antialiasing",
    exactness:
      "Within 0.003 HU of exact arithmetic before rounding. Antialiasing is on unless told otherwise.",
    run: async ({ zonePlate }) => ({
      smooth: await resample(zonePlate, { spacingMm: [2.5, 2.5, 1] }),
      plain: await resample(zonePlate, { spacingMm: [2.5, 2.5, 1], antialias: false }),
    }),
    show: async ({ smooth, plain }, { zonePlate }) => {
      const volumes = [zonePlate, plain, smooth];
      const names = ["1 mm", "2.5 mm, plain: rings that are not there", "2.5 mm, antialiased"];
      const panels = [];
      const left = [];
      for (const [i, volume] of volumes.entries()) {
        panels.push(panel(names[i], await viewOf(volume, { k: 1, window: rings, mm: 1 })));
        left.push((await falseRings(volume)).toFixed(0));
      }
      return {
        panels,
        facts: [["RMS HU where rings are too fine for 2.5 mm: before", "plain", "antialiased"], left],
      };
    },
  }),
  entry({
    title: "Grids by alignment",
    exactness: "float64. Tiles are the voxels of `corner`, orange the centers of the new ones.",
    run: ({ corner }) => [
      targetGrid(corner, { spacingMm: [1.5, 1.5, 1], align: "origin" }),
      targetGrid(corner, { spacingMm: [1.5, 1.5, 1], align: "edges" }),
      targetGrid(corner, { spacingMm: [1.5, 1.5, 1], align: "corners" }),
    ],
    show: (grids, { corner }) => ({
      panels: grids.map((grid, i) => panel(alignments[i], lattice(corner, grid))),
      facts: [
        ["grid", "size", "spacing mm", "first voxel at mm"],
        ...grids.map(({ size, spacingMm, originMm }, i) => [
          alignments[i].replace(/:.*/, ""),
          size.slice(0, 2).join(" x "),
          numbers(spacingMm),
          numbers(originMm),
        ]),
      ],
    }),
  }),
  entry({
    title: "Finer slices, slab after slab",
    exactness: "As `linear` above. No more than a slab of the result is held.",
    run: ({ volume }) => resampleSlabs(volume, { spacingMm: 1.6, align: "edges" }),
    show: async (slabs, { volume }) => {
      const parts = [];
      for await (const slab of slabs) parts.push(await slab.volume.read());
      const grid = targetGrid(volume.grid, { spacingMm: 1.6, align: "edges" });
      const values = joined(parts);
      const options = { area: [110, 90, 150, 150], mm: 0.8 };
      return {
        panels: [
          ["slices of 4 mm, coronal", gray(await coronal(volume, 110), [-1000, 400], options)],
          ["slices of 1.6 mm", gray(coronalOf(grid, values, 110), [-1000, 400], options)],
        ],
      };
    },
  }),
  entry({
    title: "Unrounded",
    exactness: "float32, within the bounds above.",
    run: ({ coarse }) => resampleToFloat(coarse, { spacingMm: [1.6, 1.6, 4], align: "edges" }),
    show: async ({ grid, hu }, { coarse }) => {
      const [width, height] = grid.size;
      const values = hu.subarray(level.nodule * width * height, (level.nodule + 1) * width * height);
      const plane = { width, height, spacingMm: grid.spacingMm.slice(0, 2), values };
      const lost = { ...plane, values: values.map((value) => value - Math.round(value)) };
      const options = { area: areas.nodule, mm: 0.8 };
      return {
        panels: [
          ["6.4 mm", await viewOf(coarse, { k: level.nodule, ...options })],
          ["1.6 mm, as floats", gray(plane, [-1000, 400], options)],
          ["what rounding would take: -0.5 to 0.5 HU", gray(lost, [-0.5, 0.5], options)],
        ],
      };
    },
  }),
  entry({
    title: "Onto a turned grid",
    exactness: "Within 0.001 HU of exact arithmetic before rounding. Any grid of another volume does.",
    run: ({ volume, turnedGrid }) => resample(volume, { onto: turnedGrid, border: { constantHu: -1000 } }),
    show: async (turned, { volume }) => ({
      panels: [
        ["as acquired", await viewOf(volume)],
        ["rows along the turned grid", await viewOf(turned)],
      ],
    }),
  }),
  entry({
    title: "By a transform",
    exactness: "As above. Rows of [A | t] take a position of the result, in mm, to one of the source.",
    run: ({ volume }) =>
      resample(volume, {
        onto: volume.grid,
        transform: [0.6, -0.3, 0, 0, 0.3, 0.6, 0, 0, 0, 0, 1, 0],
        kernel: "b-spline",
      }),
    show: async (moved, { volume }) => ({
      panels: [
        ["as acquired", await viewOf(volume)],
        ["turned and enlarged about the middle", await viewOf(moved)],
      ],
    }),
  }),
  entry({
    title: "A mask onto another grid",
    exactness:
      "Exact: nearest neighbor, halves upward. What takes several volumes or masks takes those of one grid, and throws `wrong-grid` for others; this brings them there.",
    run: ({ lungs }) => resampleMask(lungs, { spacingMm: [8, 8, 4], align: "edges" }),
    show: async (blocks, { volume, lungs }) => ({
      panels: [
        ["1.6 mm", await overlayOf(volume, [lungs])],
        ["8 mm", await overlayOf(volume, [blocks])],
      ],
    }),
  }),
  entry({
    title: "Reorient",
    exactness: "Exact: no voxel changes its value or its place in the patient.",
    run: ({ volume }) => reorient(volume, { axes: "LIP" }),
    show: async (turned, { volume }) => ({
      panels: [
        ["slice 42 as acquired: x to the left, y to the back, z to the head", await viewOf(volume)],
        ["slice 112 after: x to the left, y to the feet, z to the back", await viewOf(turned, { k: 112 })],
      ],
    }),
  }),
  entry({
    title: "Crop",
    exactness: "Exact; the voxels stay where they are in the patient.",
    run: async ({ volume, right }) => {
      const box = await boundingBox(right);
      return box && { ...box, part: await crop(volume, box) };
    },
    show: async (cropped, { volume, right }) => {
      if (!cropped) throw new Error("the generated chest has no right lung");
      return {
        panels: [
          ["orange: the right lung", await overlayOf(volume, [right])],
          ["its box", await viewOf(cropped.part, { k: level.bronchi - cropped.from[2] })],
        ],
      };
    },
  }),
  entry({
    title: "Pad",
    exactness: "Exact.",
    run: async ({ detail }) => ({
      constant: await pad(detail, {
        before: [24, 24, 0],
        behind: [24, 24, 0],
        border: { constantHu: -300 },
      }),
      clamped: await pad(detail, { before: [24, 24, 0], behind: [24, 24, 0], border: "clamp" }),
    }),
    show: async ({ constant, clamped }, { detail }) => ({
      panels: [
        ["a box", await viewOf(detail, { k: 12 })],
        ["padded with -300 HU", await viewOf(constant, { k: 12 })],
        ["padded with the voxels of its edge", await viewOf(clamped, { k: 12 })],
      ],
    }),
  }),
];

/** @param {readonly Int16Array[]} parts */
function joined(parts) {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {readonly number[]} vector */
const numbers = (vector) =>
  vector
    .slice(0, 2)
    .map((mm) => Number(mm.toFixed(3)))
    .join(", ");

/**
 * Root mean square of HU where the zone plate's rings are finer than two voxels of 2.5 mm, by a fifth at
 * least.
 * @param {import("hounsfield").CtVolume} volume
 */
async function falseRings(volume) {
  const { width, spacingMm, values } = await axial(volume, 1);
  const middle = (192 - 1) / 2;
  const least = (96 / 2.5) * 1.2;
  let [sum, count] = [0, 0];
  for (const [at, hu] of values.entries()) {
    const x = (at % width) * spacingMm[0] - middle;
    const y = Math.floor(at / width) * spacingMm[1] - middle;
    const radius = Math.hypot(x, y);
    if (radius < least || radius > 90) continue;
    sum += hu * hu;
    count++;
  }
  return Math.sqrt(sum / count);
}
