// Filters for the gallery.
import { gaussian, gradientMagnitude, gradientMagnitudeSlabs, median } from "hounsfield/ops";
import { entry } from "./entry.js";
import { gray } from "./pictures.js";
import { slabSlice } from "./planes.js";
import { areas, level } from "./scene.js";
import { viewOf } from "./views.js";

const close = { area: areas.roots, mm: 0.8 };

export const filters = [
  entry({
    title: "Gaussian",
    exactness: "Within 0.01 HU of exact arithmetic before it is rounded to the nearest HU.",
    run: ({ volume }) => gaussian(volume, { sigmaMm: 3 }),
    show: async (smooth, { volume }) => ({
      panels: [
        ["as acquired", await viewOf(volume, close)],
        ["sigma 3 mm along all axes", await viewOf(smooth, close)],
      ],
    }),
  }),
  entry({
    title: "Gaussian along chosen axes",
    exactness: "As above; an axis of sigma 0 is left as it is.",
    run: ({ volume }) => gaussian(volume, { sigmaMm: [8, 0, 0] }),
    show: async (smooth, { volume }) => ({
      panels: [
        ["as acquired", await viewOf(volume, close)],
        ["sigma 8 mm along x alone", await viewOf(smooth, close)],
      ],
    }),
  }),
  entry({
    title: "Median of 3 x 3 x 3",
    exactness: "Bit-exact.",
    run: ({ noisy }) => median(noisy),
    show: async (calm, { noisy }) => ({
      panels: [
        ["noise of 120 HU", await viewOf(noisy, { k: 1, ...close })],
        ["medians", await viewOf(calm, { k: 1, ...close })],
      ],
    }),
  }),
  entry({
    title: "Gradient magnitude",
    exactness: "Within 1e-6, relative, of exact arithmetic before it is rounded to whole HU/mm.",
    run: ({ volume }) => gradientMagnitude(volume),
    show: async (steep, { volume }) => ({
      panels: [
        ["as acquired", await viewOf(volume)],
        ["0 to 250 HU/mm", await viewOf(steep, { window: [0, 250] })],
      ],
    }),
  }),
  entry({
    title: "Gradient magnitude as floats",
    exactness: "As above, neither rounded nor held within int16.",
    run: ({ volume }) => gradientMagnitudeSlabs(volume),
    show: async (slabs, { volume }) => {
      const plane = await slabSlice(slabs, volume.grid, level.opacity);
      return {
        panels: [
          ["as acquired, an opacity in the left lung", await viewOf(volume, { k: level.opacity })],
          ["0 to 40 HU/mm", gray(plane, [0, 40])],
        ],
      };
    },
  }),
];
