// What bench/ops.js measures: every operation of hounsfield/ops, and both recipes. `reads` names the inputs
// (of ops_measure.js) that an operation goes through. Long, for it is a list.
import { lungMask, preprocess } from "hounsfield";
import {
  binHistogram,
  boundingBox,
  byteTable,
  clip,
  closing,
  combineMasks,
  compareMasks,
  countVoxels,
  countVoxelsPerSlice,
  crop,
  dilate,
  distanceSlabs,
  erode,
  fillHoles,
  floatTable,
  gaussian,
  gradientMagnitude,
  gradientMagnitudeSlabs,
  growFrom,
  histogram,
  huTable,
  invertMask,
  keepByShare,
  keepLargeComponents,
  keepLargest,
  labelSlabs,
  listComponents,
  mapSlabs,
  mapVolume,
  maskLabelSlabs,
  measureMask,
  median,
  normalizationOf,
  normalizeSlabs,
  opening,
  pad,
  percentileHu,
  project,
  projectMaximum,
  projectSum,
  projectThickSlabs,
  removeBorderComponents,
  reorient,
  resample,
  resampleMask,
  resampleToFloat,
  statistics,
  surfaceDistances,
  targetGrid,
  threshold,
  voiFunction,
  windowByteSlabs,
  windowOf,
  windowSlabs,
} from "hounsfield/ops";

const lungWindow = windowOf(-600, 1500);
/** @typedef {import("./ops_measure.js").Inputs} Inputs */
/** @typedef {import("./ops_measure.js").Operation} Operation */
/** @typedef {import("hounsfield").CtVolume} CtVolume */
/** @typedef {import("hounsfield").Vec3} Vec3 */

/**
 * Takes slabs as they come, and says how many bytes they had.
 * @param {AsyncIterable<{ readonly values: object } | { readonly hu: Int16Array }>} slabs
 */
async function drain(slabs) {
  let slabBytes = 0;
  for await (const slab of slabs) {
    const array = "hu" in slab ? slab.hu : slab.values;
    if (ArrayBuffer.isView(array)) slabBytes += array.byteLength;
  }
  return { slabBytes };
}

/**
 * The volume's box in cubes, turned by 20 degrees about the head-foot axis through its middle.
 * @param {CtVolume} volume
 * @param {number} cubesMm
 * @returns {import("hounsfield").Grid}
 */
function turned({ grid }, cubesMm) {
  const { size, spacingMm } = targetGrid(grid, { spacingMm: cubesMm });
  const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
  const direction = [cos, -sin, 0, sin, cos, 0, 0, 0, 1];
  const middle = grid.size.map((n, axis) => grid.originMm[axis] + ((n - 1) / 2) * grid.spacingMm[axis]);
  const [x, y, z] = size.map((n) => (n - 1) / 2);
  return {
    size,
    spacingMm,
    direction,
    originMm: [middle[0] - cos * x + sin * y, middle[1] - sin * x - cos * y, middle[2] - z],
  };
}

const voiFunctions = /** @type {const} */ (["LINEAR", "LINEAR_EXACT", "SIGMOID"]);

/** A shift by fractions of a voxel, in mm. */
const shift = [1, 0, 0, 0.3, 0, 1, 0, 0.3, 0, 0, 1, 0.3];
/** @param {CtVolume} volume @returns {Vec3} */
const half = ({ grid: { size } }) => [Math.ceil(size[0] / 2), Math.ceil(size[1] / 2), Math.ceil(size[2] / 2)];
const kernels = /** @type {const} */ (["nearest", "linear", "catmull-rom", "b-spline", "lanczos3"]);
const planes = /** @type {const} */ (["axial", "coronal", "sagittal"]);
/** @param {number} radiusMm */
const ball = (radiusMm) => /** @type {const} */ ({ shape: "ball", radiusMm });
/** @type {import("hounsfield").ArraySink} */
const sink = {
  async array({ slabs }) {
    for await (const _ of slabs);
  },
  async image() {},
};

/**
 * @param {string} group
 * @param {Operation["reads"]} reads
 * @returns {(name: string, run: Operation["run"]) => Operation}
 */
const of = (group, reads) => (name, run) => ({ group, name, reads, run });
const value = of("Values", ["volume"]);
const count = of("Statistics", ["volume"]);
const grid = of("Resampling", ["volume"]);
const filter = of("Filters", ["volume"]);
const mask = of("Masks", ["lungs"]);
const masks = of("Masks", ["lungs", "wider"]);
const part = of("Components", ["air"]);
const measured = of("Measures", ["lungs"]);
const compared = of("Measures", ["lungs", "wider"]);
const projection = of("Projections", ["volume"]);
const recipe = of("Recipes", ["volume"]);

export const operations = [
  value("window to 0..1, float32 slabs", ({ volume }) =>
    drain(windowSlabs(volume, { ...lungWindow, reuse: {} })),
  ),
  value("window to 8 bits, slabs", ({ volume }) =>
    drain(windowByteSlabs(volume, { ...lungWindow, reuse: {} })),
  ),
  ...voiFunctions.map((name) =>
    value(`VOI ${name} to 8 bits, slabs`, ({ volume }) => {
      const table = byteTable(voiFunction({ voiFunction: name, centerHu: -600, widthHu: 1500 }));
      return drain(mapSlabs(volume, { table, reuse: {} }));
    }),
  ),
  value("look-up table to float32, slabs", ({ volume }) => {
    const table = floatTable((hu) => (hu + 1000) / 1000);
    return drain(mapSlabs(volume, { table, reuse: {} }));
  }),
  value("look-up table to HU, a volume", ({ volume }) =>
    mapVolume(volume, { table: huTable((hu) => hu + 24) }),
  ),
  value("clip", ({ volume }) => clip(volume, { lowHu: -1000, highHu: 400 })),
  value("normalize, z-score, in the lungs, slabs", ({ volume, lungs }) =>
    drain(normalizeSlabs(volume, { method: "z-score", mask: lungs })),
  ),
  value("normalize, percentiles, slabs", ({ volume }) =>
    drain(normalizeSlabs(volume, { method: "percentile" })),
  ),

  count("histogram", ({ volume }) => histogram(volume)),
  of("Statistics", ["volume", "lungs"])("histogram in the lungs", ({ volume, lungs }) =>
    histogram(volume, { mask: lungs }),
  ),
  count("statistics, percentiles, bins", async ({ volume }) => {
    const found = await statistics(volume);
    percentileHu(found.histogram, { percent: 50 });
    normalizationOf(found.histogram, { method: "percentile" });
    binHistogram(found.histogram, { fromHu: -1024, binHu: 16, bins: 256 });
  }),

  ...kernels.map((kernel) =>
    grid(`to cubes, ${kernel}`, ({ volume, cubesMm }) =>
      resample(volume, { spacingMm: cubesMm, kernel, antialias: false }),
    ),
  ),
  grid("to cubes, linear, in integers", ({ volume, cubesMm }) =>
    resample(volume, { spacingMm: cubesMm, antialias: false, exact: "integer" }),
  ),
  .../** @type {const} */ (["edges", "corners"]).map((align) =>
    grid(`to cubes, linear, aligned by ${align}`, ({ volume, cubesMm }) =>
      resample(volume, { spacingMm: cubesMm, align, antialias: false }),
    ),
  ),
  ...kernels
    .slice(1)
    .map((kernel) =>
      grid(`to half the size, antialiased ${kernel}`, ({ volume }) =>
        resample(volume, { size: half(volume), kernel }),
      ),
    ),
  .../** @type {const} */ (["linear", "b-spline"]).map((kernel) =>
    grid(`turned by 20°, to cubes, ${kernel}`, ({ volume, cubesMm }) =>
      resample(volume, { onto: turned(volume, cubesMm), kernel, antialias: false }),
    ),
  ),
  grid("shifted by a transform, linear", ({ volume }) =>
    resample(volume, { onto: volume.grid, transform: shift }),
  ),
  grid("to cubes twice as wide, linear, read back as float32", ({ volume, cubesMm }) =>
    resampleToFloat(volume, { spacingMm: 2 * cubesMm, antialias: false }),
  ),
  grid("reorient to RAS", ({ volume }) => reorient(volume, { axes: "RAS" })),
  grid("reorient to PSR, axes permuted", ({ volume }) => reorient(volume, { axes: "PSR" })),
  grid("crop to the lungs' box", async ({ volume, lungs }) => {
    const box = await boundingBox(lungs);
    return crop(volume, box ?? { from: [0, 0, 0], to: half(volume) });
  }),
  grid("pad by 8 voxels", ({ volume }) =>
    pad(volume, { before: [8, 8, 8], behind: [8, 8, 8], border: { constantHu: -1000 } }),
  ),
  of("Resampling", ["lungs"])("mask to cubes", ({ lungs, cubesMm }) =>
    resampleMask(lungs, { spacingMm: cubesMm }),
  ),

  filter("Gaussian, sigma 1 mm", ({ volume }) => gaussian(volume, { sigmaMm: 1 })),
  filter("Gaussian, sigma 3 mm", ({ volume }) => gaussian(volume, { sigmaMm: 3 })),
  filter("median 3x3x3", ({ volume }) => median(volume)),
  filter("gradient magnitude", ({ volume }) => gradientMagnitude(volume)),
  filter("gradient magnitude, float32 slabs", ({ volume }) => drain(gradientMagnitudeSlabs(volume))),

  of("Masks", ["volume"])("threshold", ({ volume }) => threshold(volume, { belowHu: -400 })),
  masks("and", ({ lungs, wider }) => combineMasks(lungs, wider, { rule: "and" })),
  mask("invert", ({ lungs }) => invertMask(lungs)),
  masks("labels of two masks, uint8 slabs", ({ lungs, wider }) => {
    const labeled = [lungs, wider].map((each, i) => ({ mask: each, label: i + 1 }));
    return drain(maskLabelSlabs(labeled, { reuse: {} }));
  }),
  mask("dilate, cross of 1", ({ lungs }) => dilate(lungs, { shape: "cross", reachVoxels: 1 })),
  mask("dilate, box of 5x5x3", ({ lungs }) => dilate(lungs, { shape: "box", reachVoxels: [2, 2, 1] })),
  mask("dilate, disc of 5 mm", ({ lungs }) => dilate(lungs, { shape: "disc", radiusMm: 5 })),
  mask("dilate, ball of 3 mm", ({ lungs }) => dilate(lungs, ball(3))),
  mask("erode, ball of 3 mm", ({ lungs }) => erode(lungs, ball(3))),
  mask("open, ball of 3 mm", ({ lungs }) => opening(lungs, ball(3))),
  mask("close, ball of 8 mm", ({ lungs }) => closing(lungs, ball(8))),
  mask("distance in mm, float32 slabs", ({ lungs }) => drain(distanceSlabs(lungs))),
  mask("distance up to 10 mm, float32 slabs", ({ lungs }) => drain(distanceSlabs(lungs, { maximumMm: 10 }))),

  .../** @type {const} */ ([6, 18, 26]).map((neighbors) =>
    part(`label, ${neighbors} neighbors, uint8 slabs`, ({ air }) => drain(labelSlabs(air, { neighbors }))),
  ),
  part("list, with boxes and centroids", ({ air }) => listComponents(air)),
  part("keep the largest two", ({ air }) => keepLargest(air, { count: 2 })),
  part("keep a tenth of the largest and more", ({ air }) =>
    keepLargeComponents(air, { minimumFraction: 0.1 }),
  ),
  part("keep by share", ({ air, lungs, seed }) =>
    keepByShare(air, { part: seed, whole: lungs, shareBelow: 0.5 }),
  ),
  part("clear the border, per slice", ({ air }) => removeBorderComponents(air)),
  part("clear the border, 3D", ({ air }) => removeBorderComponents(air, { perSlice: false })),
  part("fill holes, per slice, up to 1000 mm²", ({ air }) => fillHoles(air, { maximumAreaMm2: 1000 })),
  part("fill holes, 3D", ({ air }) => fillHoles(air, { perSlice: false })),
  of("Components", ["seed", "air"])("grow from seeds", ({ seed, air }) => growFrom(seed, air)),

  measured("bounding box", ({ lungs }) => boundingBox(lungs)),
  measured("count voxels", ({ lungs }) => countVoxels(lungs)),
  measured("count voxels per slice", ({ lungs }) => countVoxelsPerSlice(lungs)),
  measured("volume and surface", ({ lungs }) => measureMask(lungs)),
  compared("Dice, Jaccard, slice areas", ({ lungs, wider }) => compareMasks(lungs, wider)),
  compared("surface distances", ({ lungs, wider }) => surfaceDistances(lungs, wider)),

  ...planes.map((plane) =>
    projection(`maximum, ${plane}`, ({ volume }) => projectMaximum(volume, { plane })),
  ),
  .../** @type {const} */ (["minimum", "average"]).flatMap((kind) =>
    planes.map((plane) => projection(`${kind}, ${plane}`, ({ volume }) => project(volume, { plane, kind }))),
  ),
  projection("sum, coronal", ({ volume }) => projectSum(volume, { plane: "coronal" })),
  ...planes.map((plane) =>
    projection(`slabs of 10 mm, ${plane}`, ({ volume }) =>
      drain(projectThickSlabs(volume, { plane, kind: "maximum", thicknessMm: 10 })),
    ),
  ),

  recipe("lung mask, threshold", ({ volume }) => lungMask(volume, { method: "threshold" })),
  recipe("lung mask, refined", ({ volume }) => lungMask(volume)),
  // What it moves depends on what it is asked for; memory is that of its own volumes as well.
  of("Recipes", [])(
    "preprocess: load, to cubes, window, lungs, projections",
    async ({ engine, series, cubesMm }) => {
      const window = { lowHu: -1000, highHu: 400 };
      await preprocess(engine, series, { spacingMm: cubesMm, window, lungs: "refined", mip: true, sink });
    },
  ),
];
