// Masks and morphology for the gallery.
import {
  closing,
  combineMasks,
  dilate,
  distanceSlabs,
  erode,
  invertMask,
  maskLabelSlabs,
  opening,
  threshold,
} from "hounsfield/ops";
import { entry, panel } from "./entry.js";
import { heat, tinted } from "./pictures.js";
import { slabSlice } from "./planes.js";
import { areas, level } from "./scene.js";
import { overlayOf, viewOf } from "./views.js";

const EXACT = "Bit-exact.";
const close = { area: areas.roots, mm: 0.8 };
const near = { area: areas.nodule, mm: 0.8, k: level.nodule };

export const masks = [
  entry({
    title: "Threshold",
    exactness: EXACT,
    run: ({ volume }) => threshold(volume, { fromHu: -600, belowHu: -100 }),
    show: async (mask, { volume }) => ({
      panels: [
        ["as acquired", await viewOf(volume)],
        ["-600 HU and more, below -100", await overlayOf(volume, [mask])],
      ],
    }),
  }),
  entry({
    title: "Logic",
    exactness: EXACT,
    run: async ({ air, lungs }) => ({
      and: await combineMasks(air, lungs, { rule: "and" }),
      or: await combineMasks(air, lungs, { rule: "or" }),
      xor: await combineMasks(air, lungs, { rule: "xor" }),
      andNot: await combineMasks(air, lungs, { rule: "andNot" }),
    }),
    show: async ({ and, or, xor, andNot }, { volume, air, lungs }) => ({
      panels: [
        ["one: `air`", await overlayOf(volume, [air])],
        ["other: `lungs`", await overlayOf(volume, [undefined, lungs])],
        ["and", await overlayOf(volume, [undefined, undefined, and])],
        ["or", await overlayOf(volume, [undefined, undefined, or])],
        ["xor", await overlayOf(volume, [undefined, undefined, xor])],
        ["andNot", await overlayOf(volume, [undefined, undefined, andNot])],
      ],
    }),
  }),
  entry({
    title: "Invert",
    exactness: EXACT,
    run: ({ lungs }) => invertMask(lungs),
    show: async (rest, { volume, lungs }) => ({
      panels: [
        ["before", await overlayOf(volume, [lungs])],
        ["after", await overlayOf(volume, [rest])],
      ],
    }),
  }),
  entry({
    title: "Masks to labels",
    exactness: "Bit-exact: uint8, the first mask's label where several have a voxel.",
    run: ({ right, left, airways }) =>
      maskLabelSlabs([
        { mask: right, label: 1 },
        { mask: left, label: 2 },
        { mask: airways, label: 3 },
      ]),
    show: async (slabs, { volume, right }) => {
      const labels = await slabSlice(slabs, volume.grid, level.bronchi);
      return {
        panels: [
          ["one of three masks", await overlayOf(volume, [right])],
          ["labels 1 orange, 2 blue, 3 green", tinted(await viewOf(volume), labels)],
        ],
      };
    },
  }),
  entry({
    title: "Dilate",
    exactness:
      "Bit-exact: equal to trying every voxel of the element. In mm whatever the spacing, or in voxels.",
    run: async ({ bone }) => ({
      cross: await dilate(bone, { shape: "cross", reachVoxels: 3 }),
      box: await dilate(bone, { shape: "box", reachVoxels: [3, 3, 0] }),
      disc: await dilate(bone, { shape: "disc", radiusMm: 5 }),
      ball: await dilate(bone, { shape: "ball", radiusMm: 5 }),
    }),
    show: async (wider, { volume, bone }) => {
      const panels = [panel("before", await overlayOf(volume, [bone]))];
      for (const [shape, mask] of Object.entries(wider)) {
        const picture = await overlayOf(volume, [bone, await without(mask, bone)]);
        panels.push(panel(`${shape}; blue is new`, picture));
      }
      return { panels };
    },
  }),
  entry({
    title: "Erode",
    exactness:
      "Bit-exact, as above. Outside the volume counts as set, so that a scan's end takes nothing away.",
    run: ({ lungs }) => erode(lungs, { shape: "ball", radiusMm: 6 }),
    show: async (narrower, { volume, lungs }) => ({
      panels: [
        ["before", await overlayOf(volume, [lungs])],
        ["ball of 6 mm; blue is gone", await overlayOf(volume, [narrower, await without(lungs, narrower)])],
      ],
    }),
  }),
  entry({
    title: "Open",
    exactness: EXACT,
    run: ({ tissue }) => opening(tissue, { shape: "ball", radiusMm: 5 }),
    show: async (opened, { volume, tissue }) => ({
      panels: [
        ["before", await overlayOf(volume, [tissue], near)],
        [
          "ball of 5 mm; blue is gone: vessels",
          await overlayOf(volume, [opened, await without(tissue, opened)], near),
        ],
      ],
    }),
  }),
  entry({
    title: "Close",
    exactness: EXACT,
    run: ({ innerAir }) => closing(innerAir, { shape: "ball", radiusMm: 6 }),
    show: async (closed, { volume, innerAir }) => ({
      panels: [
        ["before", await overlayOf(volume, [innerAir], close)],
        [
          "ball of 6 mm; blue is new: vessels and bronchi",
          await overlayOf(volume, [innerAir, await without(closed, innerAir)], close),
        ],
      ],
    }),
  }),
  entry({
    title: "Distance in mm",
    exactness: "Euclidean, to the nearest center of a set voxel: within 1e-4 mm.",
    run: ({ airways }) => distanceSlabs(airways),
    show: async (slabs, { volume, airways }) => ({
      panels: [
        ["`airways`", await overlayOf(volume, [airways])],
        [
          "0 to 160 mm: black, red, yellow, white",
          heat(await slabSlice(slabs, volume.grid, level.bronchi), 160),
        ],
      ],
    }),
  }),
  entry({
    title: "Distance up to a limit",
    exactness: "As above; Infinity beyond the limit, which spares the work there.",
    run: ({ right }) => distanceSlabs(right, { maximumMm: 30 }),
    show: async (slabs, { volume, right }) => ({
      panels: [
        ["the right lung", await overlayOf(volume, [right])],
        ["0 to 30 mm; gray: farther", heat(await slabSlice(slabs, volume.grid, level.bronchi), 30)],
      ],
    }),
  }),
];

/**
 * What one mask has and the other has not.
 * @param {import("hounsfield").BitMask} one
 * @param {import("hounsfield").BitMask} other
 */
function without(one, other) {
  return combineMasks(one, other, { rule: "andNot" });
}
