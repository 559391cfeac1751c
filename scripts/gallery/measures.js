// Measures of masks for the gallery.
import {
  boundingBox,
  combineMasks,
  compareMasks,
  countVoxels,
  countVoxelsPerSlice,
  createLabels,
  labelMask,
  labelStatistics,
  measureMask,
  surfaceDistances,
  surfaceMesh,
} from "hounsfield/ops";
import { entry } from "./entry.js";
import { bars } from "./plots.js";
import { areas } from "./scene.js";
import { overlayOf } from "./views.js";

export const measures = [
  entry({
    title: "Labels and their statistics",
    exactness:
      "Exact sums of every label in one pass, rounded once or twice to float64; the same everywhere.",
    run: async ({ volume, left, right }) => {
      const masks = [
        { mask: right, label: 1 },
        { mask: left, label: 2 },
      ];
      const labels = await createLabels(volume.engine, { grid: volume.grid, masks });
      const found = await labelStatistics(volume, { labels });
      return { found, second: await labelMask(labels, { label: 2 }) };
    },
    show: async ({ found, second }, { volume }) => ({
      panels: [["orange: label 2", await overlayOf(volume, [second])]],
      facts: [
        ["label", "voxels", "ml", "minimum", "maximum", "mean", "deviation"],
        ...found.map(({ label, voxels, volumeMm3, minimumHu, maximumHu, meanHu, deviationHu }) => [
          label,
          voxels,
          (volumeMm3 / 1000).toFixed(1),
          minimumHu,
          maximumHu,
          meanHu.toFixed(2),
          deviationHu.toFixed(2),
        ]),
      ],
    }),
  }),
  entry({
    title: "Count, box, volume and surface",
    exactness: "Counts, box and volume are exact; the surface is estimated, within 2.5 % on spheres.",
    run: async ({ right }) => ({
      counted: await countVoxels(right),
      box: await boundingBox(right),
      ...(await measureMask(right)),
    }),
    show: async ({ counted, box, volumeMl, surfaceMm2 }, { volume, right }) => ({
      panels: [["what is measured", await overlayOf(volume, [right])]],
      facts: [
        ["voxels", "box from", "to", "volume ml", "surface cm²"],
        [
          counted,
          box?.from.join(", ") ?? "",
          box?.to.join(", ") ?? "",
          volumeMl.toFixed(1),
          (surfaceMm2 / 100).toFixed(1),
        ],
      ],
    }),
  }),
  entry({
    title: "Count in each slice",
    exactness: "Exact.",
    run: async ({ right, left }) => [await countVoxelsPerSlice(left), await countVoxelsPerSlice(right)],
    show: async ([left, right], scene) => ({
      panels: [
        [
          "`left` orange, `right` blue: the patient's right is at the left",
          await overlayOf(scene.volume, [scene.left, scene.right]),
        ],
        ["voxels in slices, from the feet to the head", bars([left, right], { wide: 4, height: 160 })],
      ],
    }),
  }),
  entry({
    title: "Overlap of two masks",
    exactness: "Counts are exact, ratios float64.",
    run: ({ plain, lungs }) => compareMasks(plain, lungs),
    show: async (found, scene) => ({
      panels: [
        ["`plain`", await overlayOf(scene.volume, [scene.plain])],
        ["`lungs`", await overlayOf(scene.volume, [scene.lungs])],
        ["orange: `plain` alone; blue: `lungs` alone; green: both", await agreementOf(scene)],
      ],
      facts: [
        ["Dice", "Jaccard", "one ml", "other ml", "shared ml", "volume difference", "slice area correlation"],
        [
          found.dice.toFixed(4),
          found.jaccard.toFixed(4),
          found.oneMl.toFixed(1),
          found.otherMl.toFixed(1),
          found.sharedMl.toFixed(1),
          `${(found.volumeDifference * 100).toFixed(2)} %`,
          found.sliceAreaCorrelation.toFixed(5),
        ],
      ],
    }),
  }),
  entry({
    title: "Distance of two surfaces",
    exactness: "Within 1e-4 mm.",
    run: ({ plain, lungs }) => surfaceDistances(plain, lungs),
    show: async ({ hausdorffMm, hausdorff95Mm, averageMm }, scene) => ({
      panels: [
        [
          "orange: bronchi, which `plain` alone has",
          await agreementOf(scene, { area: areas.roots, mm: 0.8 }),
        ],
      ],
      facts: [
        ["Hausdorff mm", "95th percentile mm", "average mm"],
        [hausdorffMm.toFixed(2), hausdorff95Mm.toFixed(2), averageMm.toFixed(3)],
      ],
    }),
  }),
  entry({
    title: "Surface of triangles",
    exactness:
      "Closed, each edge of two triangles; vertices halfway between voxels, or where values reach a threshold.",
    run: ({ right }) => surfaceMesh(right, { smoothing: 10 }),
    show: async (mesh, { right }) => {
      const box = [0, 1, 2].map((axis) => extentOf(mesh.positionsMm, axis).toFixed(0));
      const rough = await surfaceMesh(right);
      return {
        panels: [],
        facts: [
          ["vertices", "triangles", "extent mm", "volume ml", "ml before smoothing"],
          [
            String(mesh.positionsMm.length / 3),
            String(mesh.triangles.length / 3),
            box.join(" x "),
            enclosedMl(mesh).toFixed(1),
            enclosedMl(rough).toFixed(1),
          ],
        ],
      };
    },
  }),
];

/** @param {Float32Array} positionsMm @param {number} axis */
function extentOf(positionsMm, axis) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = axis; i < positionsMm.length; i += 3) {
    least = Math.min(least, positionsMm[i]);
    most = Math.max(most, positionsMm[i]);
  }
  return most - least;
}

/** By the divergence theorem. @param {import("hounsfield/ops").Mesh} mesh */
function enclosedMl({ positionsMm: p, triangles }) {
  let six = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * triangles[i + k]);
    six += p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]);
    six += p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]);
    six += p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);
  }
  return six / 6000;
}

/** @param {import("./entry.js").Scene} scene @param {import("./views.js").ViewOptions} [options] */
async function agreementOf({ volume, plain, lungs }, options) {
  const alone = await combineMasks(plain, lungs, { rule: "andNot" });
  const otherAlone = await combineMasks(lungs, plain, { rule: "andNot" });
  return overlayOf(volume, [alone, otherAlone, await combineMasks(plain, lungs, { rule: "and" })], options);
}
