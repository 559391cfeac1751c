// Projections for the gallery.
import { project, projectMaxima, projectMaximum, projectSum, projectThickSlabs } from "hounsfield/ops";
import { entry, panel } from "./entry.js";
import { gray } from "./pictures.js";
import { coronal, projected } from "./planes.js";
import { level } from "./scene.js";
import { viewOf } from "./views.js";

/**
 * @param {import("./entry.js").Scene} scene
 * @param {readonly number[]} [window]
 * @returns {Promise<import("./entry.js").Panel>}
 */
const plain = async ({ volume }, window = [-1000, 400]) => [
  "one coronal row of all slices",
  gray(await coronal(volume, 112), window),
];

export const projections = [
  entry({
    title: "Maximum",
    exactness: "Exact.",
    run: ({ volume }) => projectMaximum(volume, { plane: "coronal" }),
    show: async (image, scene) => ({
      panels: [
        await plain(scene, [-200, 1000]),
        ["maximum, coronal, -200 to 1000 HU", gray(projected(image), [-200, 1000])],
      ],
    }),
  }),
  entry({
    title: "Three maxima at once",
    exactness: "Exact; each slab of slices is read once for all three.",
    run: ({ volume }) => projectMaxima(volume),
    show: async (images) => ({
      panels: images.map((image) => panel(`maximum, ${image.plane}`, gray(projected(image), [-200, 1000]))),
    }),
  }),
  entry({
    title: "Minimum and average",
    exactness: "Exact; averages are rounded to the nearest HU, halves away from zero.",
    run: async ({ detail }) => ({
      minimum: await project(detail, { plane: "axial", kind: "minimum" }),
      average: await project(detail, { plane: "axial", kind: "average" }),
    }),
    show: async ({ minimum, average }, { detail }) => ({
      panels: [
        ["a slice of the box", await viewOf(detail, { k: 12, mm: 0.8 })],
        ["minimum along z: the airways", gray(projected(minimum), [-1000, -600], { mm: 0.8 })],
        ["average along z", gray(projected(average), [-1000, 400], { mm: 0.8 })],
      ],
    }),
  }),
  entry({
    title: "Sum",
    exactness: "Exact, in 32-bit integers.",
    run: ({ volume }) => projectSum(volume, { plane: "coronal" }),
    show: async (image, scene) => ({
      panels: [
        await plain(scene),
        ["sums along y, -190,000 to -60,000: a radiograph", gray(projected(image), [-190_000, -60_000])],
      ],
    }),
  }),
  entry({
    title: "Thick slabs",
    exactness: "Exact.",
    run: ({ volume }) =>
      projectThickSlabs(volume, { plane: "axial", kind: "maximum", thicknessMm: 24, stepMm: 12 }),
    show: async (slabs, { volume }) => {
      const reaches = [level.bronchi - 3, level.bronchi + 2];
      const panels = [panel("one slice of 4 mm", await viewOf(volume))];
      for await (const slab of slabs) {
        if (slab.from > reaches[0] || slab.end <= reaches[1] || panels.length > 1) continue;
        const caption = "maximum of 24 mm, one of a stack in steps of 12 mm";
        panels.push(panel(caption, gray(projected(slab), [-1000, 400])));
      }
      return { panels };
    },
  }),
];
