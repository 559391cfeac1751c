// Values, histograms and statistics for the gallery.
import {
  binHistogram,
  byteTable,
  clip,
  ctNormalization,
  floatTable,
  histogram,
  huTable,
  mapSlabs,
  mapVolume,
  masksFromTensor,
  normalizationOf,
  normalizeSlabs,
  percentileHu,
  scaleIntensityRange,
  statistics,
  toTensor,
  voiFunction,
  volumeFromTensor,
  windowByteSlabs,
  windowOf,
  windowSlabs,
} from "hounsfield/ops";
import { entry } from "./entry.js";
import { gray } from "./pictures.js";
import { slabSlice } from "./planes.js";
import { bars, curves } from "./plots.js";
import { level } from "./scene.js";
import { overlayOf, viewOf } from "./views.js";

const everything = [-1024, 3071];
const RAW_CAPTION = "-1024 to 3071 HU, black to white";

/**
 * The slice at the bronchi of what came as slabs.
 * @param {Parameters<typeof slabSlice>[0]} slabs
 * @param {import("./entry.js").Scene} scene
 * @param {readonly number[]} range
 */
async function shownSlabs(slabs, { volume }, range) {
  return gray(await slabSlice(slabs, volume.grid, level.bronchi), range);
}

export const values = [
  entry({
    title: "Window to 0..1",
    exactness: "Bit-exact on every device: each value is the float32 nearest to the quotient in float64.",
    run: ({ volume }) => windowSlabs(volume, windowOf(-600, 1500)),
    show: async (slabs, scene) => ({
      panels: [
        [RAW_CAPTION, await viewOf(scene.volume, { window: everything })],
        ["0 to 1, black to white", await shownSlabs(slabs, scene, [0, 1])],
      ],
    }),
  }),
  entry({
    title: "Window to 8 bits",
    exactness: "Bit-exact: the quotient times 255, to the nearest, halves up.",
    run: ({ volume }) => windowByteSlabs(volume, windowOf(40, 400)),
    show: async (slabs, scene) => ({
      panels: [
        [RAW_CAPTION, await viewOf(scene.volume, { window: everything })],
        ["0 to 255, black to white", await shownSlabs(slabs, scene, [0, 255])],
      ],
    }),
  }),
  entry({
    title: "DICOM's VOI functions",
    exactness:
      "The pseudo code of PS3.3 C.11.2.1 in float64. `LINEAR` is one HU narrower than `LINEAR_EXACT` and begins half a HU lower. `SIGMOID` is as exact as `Math.exp`.",
    run: () => [
      voiFunction({ voiFunction: "LINEAR", centerHu: 40, widthHu: 6 }),
      voiFunction({ voiFunction: "LINEAR_EXACT", centerHu: 40, widthHu: 6 }),
      voiFunction({ voiFunction: "SIGMOID", centerHu: 40, widthHu: 6 }),
    ],
    show: (functions) => ({
      panels: [
        [
          "0 to 1 over 32 to 48 HU: `LINEAR` orange, `LINEAR_EXACT` blue, `SIGMOID` green",
          curves(functions, 32, 48),
        ],
      ],
    }),
  }),
  entry({
    title: "A VOI function to 8 bits",
    exactness: "Bit-exact: a table of all 65536 int16 values, made in float64; a load cannot round.",
    run: ({ volume }) => {
      const linear = voiFunction({ voiFunction: "LINEAR", centerHu: 40, widthHu: 400 });
      const sigmoid = voiFunction({ voiFunction: "SIGMOID", centerHu: 40, widthHu: 400 });
      return [
        mapSlabs(volume, { table: byteTable(linear) }),
        mapSlabs(volume, { table: byteTable(sigmoid) }),
      ];
    },
    show: async ([linear, sigmoid], scene) => ({
      panels: [
        [RAW_CAPTION, await viewOf(scene.volume, { window: everything })],
        ["`LINEAR`", await shownSlabs(linear, scene, [0, 255])],
        ["`SIGMOID`", await shownSlabs(sigmoid, scene, [0, 255])],
      ],
    }),
  }),
  entry({
    title: "A table of floats",
    exactness: "Bit-exact: the float32 nearest to what the function gives in float64.",
    run: ({ volume }) => mapSlabs(volume, { table: floatTable((hu) => Math.abs(hu + 100) / 200) }),
    show: async (slabs, scene) => ({
      panels: [
        ["-1000 to 400 HU", await viewOf(scene.volume)],
        ["how far from fat: 0 to 1, black to white", await shownSlabs(slabs, scene, [0, 1])],
      ],
    }),
  }),
  entry({
    title: "A table of HU",
    exactness: "Bit-exact: to the nearest HU, halves away from zero, held within int16.",
    run: ({ volume }) => mapVolume(volume, { table: huTable((hu) => (hu > 130 ? -1000 : hu)) }),
    show: async (mapped, { volume }) => ({
      panels: [
        ["-1000 to 400 HU", await viewOf(volume)],
        ["bone turned to air", await viewOf(mapped)],
      ],
    }),
  }),
  entry({
    title: "Clip",
    exactness: "Bit-exact.",
    run: ({ volume }) => clip(volume, { lowHu: -700, highHu: 0 }),
    show: async (clipped, { volume }) => ({
      panels: [
        ["-1000 to 400 HU", await viewOf(volume)],
        ["the same gray scale after clipping", await viewOf(clipped)],
      ],
    }),
  }),
  entry({
    title: "Normalize by z-score",
    exactness:
      "Deterministic: statistics from integer counts, then the float32 nearest to the float64 result.",
    run: ({ volume, lungs }) => normalizeSlabs(volume, { method: "z-score", mask: lungs }),
    show: async (slabs, scene) => ({
      panels: [
        [
          "-1000 to 400 HU; orange: what mean and deviation are of",
          await overlayOf(scene.volume, [scene.lungs]),
        ],
        ["-2 to 2 deviations", await shownSlabs(slabs, scene, [-2, 2])],
      ],
    }),
  }),
  entry({
    title: "Normalize by percentiles",
    exactness: "Deterministic, as above; percentiles are interpolated as numpy's default does.",
    run: ({ volume, tissue }) =>
      normalizeSlabs(volume, { method: "percentile", mask: tissue, lowPercent: 5, highPercent: 95 }),
    show: async (slabs, scene) => ({
      panels: [
        ["-1000 to 400 HU", await viewOf(scene.volume)],
        ["0 to 1: from the 5th to the 95th percentile of tissue", await shownSlabs(slabs, scene, [0, 1])],
      ],
    }),
  }),
  entry({
    title: "The numbers of a normalization",
    exactness:
      "Exact counts, float64: to be kept beside results, or to be made of a whole data set's counts.",
    run: async ({ volume, lungs }) =>
      normalizationOf(await histogram(volume, { mask: lungs }), { method: "z-score" }),
    show: ({ offsetHu, scaleHu, lowHu, highHu }) => ({
      facts: [
        ["offset HU", "scale HU", "lowest HU", "highest HU"],
        [offsetHu.toFixed(2), scaleHu.toFixed(2), lowHu, highHu],
      ],
    }),
  }),
  entry({
    title: "Histogram",
    exactness: "Exact: every HU is counted on the device, then put into bins; the same everywhere.",
    run: async ({ volume, lungs }) => {
      const bins = { fromHu: -1024, binHu: 6, bins: 256 };
      return [
        binHistogram(await histogram(volume), bins),
        binHistogram(await histogram(volume, { mask: lungs }), bins),
      ];
    },
    show: async (counted, { volume, lungs }) => ({
      panels: [
        ["blue: the mask", await overlayOf(volume, [undefined, lungs])],
        [
          "voxels of -1024 to 511 HU, logarithmic: all orange, those of the mask the blue line",
          bars(
            counted.map(({ counts }) => counts),
            { height: 224, logarithmic: true },
          ),
        ],
      ],
    }),
  }),
  entry({
    title: "Statistics and percentiles",
    exactness: "From integer counts: exact sums, rounded once or twice to float64; the same everywhere.",
    run: async ({ volume, lungs }) => {
      const found = await statistics(volume, { mask: lungs });
      return {
        ...found,
        medianHu: percentileHu(found.histogram, { percent: 50 }),
        p95Hu: percentileHu(found.histogram, { percent: 95 }),
      };
    },
    show: async ({ voxels, minimumHu, maximumHu, meanHu, deviationHu, medianHu, p95Hu }, scene) => ({
      panels: [["orange: what is measured", await overlayOf(scene.volume, [scene.lungs])]],
      facts: [
        ["voxels", "minimum", "maximum", "mean", "deviation", "median", "95th percentile"],
        [voxels, minimumHu, maximumHu, meanHu.toFixed(2), deviationHu.toFixed(2), medianHu, p95Hu],
      ],
    }),
  }),
  entry({
    title: "Tensor for a model",
    exactness:
      "Bit-exact on every device: each value is the float32, or float16, nearest to the function in float64.",
    run: async ({ volume }) => [
      await toTensor(volume, { dtype: "float16", value: scaleIntensityRange({ fromHu: -1000, toHu: 400 }) }),
      await toTensor(volume, {
        value: ctNormalization({ mean: -160, std: 410, percentile_00_5: -1000, percentile_99_5: 240 }),
      }),
    ],
    show: async (tensors) => ({
      panels: [],
      facts: [
        ["type", "dims", "MB"],
        ...tensors.map((tensor) => [tensor.dtype, tensor.dims.join(" x "), megabytes(tensor)]),
      ],
    }),
  }),
  entry({
    title: "What a model gives",
    exactness:
      "Exact: channels are compared as they are; a volume has the step of its record nearest to each float, the same on every device.",
    run: async ({ volume, likelihoods }) => {
      const { engine, grid } = volume;
      const [columns, rows, slices] = grid.size;
      return {
        masks: await masksFromTensor(engine, { data: likelihoods, dims: [3, slices, rows, columns], grid }),
        likelihood: await volumeFromTensor(engine, {
          data: likelihoods.slice(likelihoods.length / 3, (2 * likelihoods.length) / 3),
          dims: [slices, rows, columns],
          grid,
          values: { slope: 0.001, intercept: 0, units: "likelihood" },
        }),
      };
    },
    show: async ({ masks, likelihood }, { volume }) => ({
      panels: [
        ["channels 1 and 2 where they are the largest of three", await overlayOf(volume, masks)],
        ["channel 1 as a volume, 0 to 1", await viewOf(likelihood, { k: level.bronchi, window: [0, 1] })],
      ],
    }),
  }),
];

/** @param {import("hounsfield/ops").VolumeTensor} tensor */
function megabytes({ dims, dtype }) {
  const voxels = dims.reduce((product, count) => product * count, 1);
  return ((voxels * (dtype === "float32" ? 4 : 2)) / 1e6).toFixed(2);
}
