// Components of masks for the gallery.
import {
  erode,
  fillHoles,
  growFrom,
  keepByShare,
  keepLargeComponents,
  keepLargest,
  labelSlabs,
  listComponents,
  removeBorderComponents,
} from "hounsfield/ops";
import { entry } from "./entry.js";
import { tinted } from "./pictures.js";
import { slabSlice } from "./planes.js";
import { areas, level } from "./scene.js";
import { overlayOf, viewOf } from "./views.js";

const EXACT = "Bit-exact.";
const close = { area: areas.roots, mm: 0.8 };
const high = { k: level.nodule };
const low = { k: level.stomach };

export const components = [
  entry({
    title: "Label components",
    exactness: "Exact: 1 for the largest; of equals first the one that begins first.",
    run: ({ dense }) => labelSlabs(dense, { neighbors: 6 }),
    show: async (slabs, { volume, dense }) => {
      const labels = await slabSlice(slabs, volume.grid, level.nodule);
      return {
        panels: [
          ["`dense`", await overlayOf(volume, [dense], high)],
          [
            "labels: spine and ribs 1, sternum 2, shoulder blades 3 and 4, ...",
            tinted(await viewOf(volume, high), labels),
          ],
        ],
      };
    },
  }),
  entry({
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
  }),
  entry({
    title: "Keep the largest",
    exactness: EXACT,
    run: ({ innerAir }) => keepLargest(innerAir, { count: 1 }),
    show: async (kept, { volume, innerAir }) => ({
      panels: [
        ["before", await overlayOf(volume, [innerAir], low)],
        ["after: the gas of the stomach is gone", await overlayOf(volume, [kept], low)],
      ],
    }),
  }),
  entry({
    title: "Keep the large",
    exactness: EXACT,
    run: ({ dense }) => keepLargeComponents(dense, { minimumFraction: 0.2 }),
    show: async (kept, { volume, dense }) => ({
      panels: [
        ["before", await overlayOf(volume, [dense], high)],
        ["after: a fifth of the largest and more", await overlayOf(volume, [kept], high)],
      ],
    }),
  }),
  entry({
    title: "Keep by share",
    exactness: EXACT,
    run: ({ innerAir, emptyAir }) =>
      keepByShare(innerAir, { neighbors: 4, part: emptyAir, whole: innerAir, shareBelow: 0.5 }),
    show: async (kept, { volume, innerAir }) => ({
      panels: [
        ["before", await overlayOf(volume, [innerAir], low)],
        ["after: parts of slices that are less than half empty air", await overlayOf(volume, [kept], low)],
      ],
    }),
  }),
  entry({
    title: "Clear the border",
    exactness: EXACT,
    run: ({ air }) => removeBorderComponents(air),
    show: async (inner, { volume, air }) => ({
      panels: [
        ["before", await overlayOf(volume, [air])],
        ["after: what touches no slice's frame", await overlayOf(volume, [inner])],
      ],
    }),
  }),
  entry({
    title: "Fill holes of slices",
    exactness: "Bit-exact; a limit is taken down to whole voxels.",
    run: async ({ tissue }) => ({
      all: await fillHoles(tissue),
      small: await fillHoles(tissue, { maximumAreaMm2: 1000 }),
    }),
    show: async ({ all, small }, { volume, tissue }) => ({
      panels: [
        ["before", await overlayOf(volume, [tissue], low)],
        ["all holes", await overlayOf(volume, [all], low)],
        ["those of up to 1000 mm²", await overlayOf(volume, [small], low)],
      ],
    }),
  }),
  entry({
    title: "Fill cavities",
    exactness: EXACT,
    run: ({ bone }) => fillHoles(bone, { perSlice: false }),
    show: async (filled, { volume, bone }) => ({
      panels: [
        ["before", await overlayOf(volume, [bone])],
        ["after: what is closed in all three directions", await overlayOf(volume, [filled])],
      ],
    }),
  }),
  entry({
    title: "Grow from seeds",
    exactness: EXACT,
    run: async ({ airways, emptyAir }) =>
      growFrom(await erode(airways, { shape: "disc", radiusMm: 5 }), emptyAir),
    show: async (grown, { volume, airways, emptyAir }) => ({
      panels: [
        ["`airways`: seeds are their middle", await overlayOf(volume, [airways], close)],
        ["inside: `emptyAir`", await overlayOf(volume, [undefined, emptyAir], close)],
        [
          "of that, what is connected to seeds",
          await overlayOf(volume, [undefined, undefined, grown], close),
        ],
      ],
    }),
  }),
];
