// Recipes for the gallery.
import { lungMask } from "hounsfield";
import { entry } from "./entry.js";
import { gray, tinted } from "./pictures.js";
import { coronal } from "./planes.js";
import { overlayOf, viewOf } from "./views.js";

/**
 * @param {import("hounsfield").CtVolume} volume
 * @param {readonly import("hounsfield").BitMask[]} masks
 * @param {number} j
 */
async function coronalOverlay(volume, masks, j) {
  let picture = gray(await coronal(volume, j), [-1000, 400]);
  for (const [i, mask] of masks.entries()) {
    const plane = await coronal(mask, j);
    picture = tinted(picture, { ...plane, values: plane.values.map((bit) => bit * (i + 1)) });
  }
  return picture;
}

export const recipes = [
  entry({
    title: "Lung mask",
    exactness:
      "Bits, the same on every device: right lung orange, left lung blue, airways green, and quality flags.",
    run: ({ volume }) => lungMask(volume),
    show: async ({ right, left, airways, quality }, { volume }) => ({
      panels: [
        ["as acquired", gray(await coronal(volume, 128), [-1000, 400])],
        ["coronal", await coronalOverlay(volume, [right, left, airways], 128)],
        ["at the bronchi", await overlayOf(volume, [right, left, airways])],
      ],
      facts: [["right ml", "left ml", "airways ml", "flags"], factsOf(quality)],
    }),
  }),
  entry({
    title: "Lung mask by thresholds",
    exactness:
      "Bits, the same on every device: the plain recipe of tutorials, for comparison. It knows neither sides nor airways.",
    run: ({ volume }) => lungMask(volume, { method: "threshold" }),
    show: async ({ right }, { volume, lungs }) => ({
      panels: [
        ["as acquired", await viewOf(volume)],
        ["the plain recipe: bronchi are in it", await overlayOf(volume, [right])],
        ["the lung mask, for comparison", await overlayOf(volume, [lungs])],
      ],
    }),
  }),
];

/** @param {import("hounsfield").LungQuality} quality */
function factsOf(quality) {
  if (quality.verdict !== "lungs") throw new Error(`the generated chest has ${quality.verdict}`);
  const { right, left, airwaysMl, flags } = quality;
  return [...[right.ml, left.ml, airwaysMl].map((ml) => ml.toFixed(1)), flags.join(", ") || "none"];
}
