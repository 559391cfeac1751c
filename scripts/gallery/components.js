// Components of masks for the gallery.
import {
  fillHoles,
  growFrom,
  keepByShare,
  keepLargeComponents,
  keepLargest,
  labelSlabs,
  listComponents,
  removeBorderComponents,
} from "hounsfield/ops";
import { tinted } from "./pictures.js";
import { slabSlice } from "./planes.js";
import { areas, level } from "./scene.js";
import { overlayOf, viewOf } from "./views.js";

const exact = "Bit-exact.";
const close = { area: areas.right, mm: 0.8 };
const low = { k: level.stomach };

export const components = [
  {
    title: "Label components",
    exactness: "Exact: 1 for the largest; of equals first the one that begins first.",
    run: ({ vessels }) => labelSlabs(vessels, { neighbors: 26 }),
    show: async (slabs, { volume, vessels }) => {
      const labels = await slabSlice(slabs, volume.grid, level.bronchi);
      return {
        panels: [
          ["`vessels`", await overlayOf(volume, [vessels], close)],
          ["a color a label, eight in turn", tinted(await viewOf(volume, close), labels, close)],
        ],
      };
    },
  },
  {
    title: "List components",
    exactness: "Exact: integer sums, centroids rounded once.",
    run: ({ innerAir }) => listComponents(innerAir, { maximumComponents: 4 }),
    show: async ({ total, components: parts }, { volume, innerAir }) => ({
      panels: [["`innerAir`, in the slice of the stomach", await overlayOf(volume, [innerAir], low)]],
      facts: [
        [`largest of ${total}`, "voxels", "from x, y, z", "to x, y, z", "centroid mm"],
        ...parts.map(({ voxels, minimum, maximum, centroidMm }, i) => [
          i + 1,
          voxels,
          minimum.join(", "),
          maximum.join(", "),
          centroidMm.map((mm) => mm.toFixed(1)).join(", "),
        ]),
      ],
    }),
  },
  {
    title: "Keep the largest",
    exactness: exact,
    run: ({ innerAir }) => keepLargest(innerAir, 1),
    show: async (kept, { volume, innerAir }) => ({
      panels: [
        ["before", await overlayOf(volume, [innerAir], low)],
        ["after: the gas of the stomach is gone", await overlayOf(volume, [kept], low)],
      ],
    }),
  },
  {
    title: "Keep the large",
    exactness: exact,
    run: ({ vessels }) => keepLargeComponents(vessels, { minimumFraction: 0.2 }),
    show: async (kept, { volume, vessels }) => ({
      panels: [
        ["before", await overlayOf(volume, [vessels], close)],
        ["after: a fifth of the largest and more", await overlayOf(volume, [kept], close)],
      ],
    }),
  },
  {
    title: "Keep by share",
    exactness: exact,
    run: ({ innerAir, emptyAir }) =>
      keepByShare(innerAir, { neighbors: 4, part: emptyAir, whole: innerAir, shareBelow: 0.5 }),
    show: async (kept, { volume, innerAir }) => ({
      panels: [
        ["before", await overlayOf(volume, [innerAir], low)],
        ["after: parts of slices with less than half of empty air", await overlayOf(volume, [kept], low)],
      ],
    }),
  },
  {
    title: "Clear the border",
    exactness: exact,
    run: ({ air }) => removeBorderComponents(air),
    show: async (inner, { volume, air }) => ({
      panels: [
        ["before", await overlayOf(volume, [air])],
        ["after: what touches no slice's frame", await overlayOf(volume, [inner])],
      ],
    }),
  },
  {
    title: "Fill holes",
    exactness: "Bit-exact; a limit is taken down to whole voxels.",
    run: async ({ tissue }) => ({
      inSlices: await fillHoles(tissue),
      small: await fillHoles(tissue, { maximumAreaMm2: 1000 }),
      cavities: await fillHoles(tissue, { perSlice: false }),
    }),
    show: async ({ inSlices, small, cavities }, { volume, tissue }) => ({
      panels: [
        ["before", await overlayOf(volume, [tissue], low)],
        ["holes of each slice", await overlayOf(volume, [inSlices], low)],
        ["those of up to 1000 mm²", await overlayOf(volume, [small], low)],
        ["cavities of the volume", await overlayOf(volume, [cavities], low)],
      ],
    }),
  },
  {
    title: "Grow from seeds",
    exactness: exact,
    run: ({ bone, dense }) => growFrom(bone, dense),
    show: async (grown, { volume, bone, dense }) => ({
      panels: [
        ["seeds: 300 HU and more", await overlayOf(volume, [bone])],
        ["130 HU and more", await overlayOf(volume, [undefined, dense])],
        ["of those, what is connected to seeds", await overlayOf(volume, [undefined, undefined, grown])],
      ],
    }),
  },
];
