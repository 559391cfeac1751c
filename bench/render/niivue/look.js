// The scene in NiiVue's terms: a color map, and a sphere's picture for the light.
import { shading } from "../scene.js";

const ENTRIES = 256;

/**
 * A transfer function's ramp as a color map from its first point to its last: opacity of one step, in steps
 * of 1/255.
 * @param {readonly [import("../scene.js").TransferPoint, import("../scene.js").TransferPoint]} ramp
 * @param {number} stepMm
 */
export function colormapOf([low, high], stepMm) {
  const shares = Array.from({ length: ENTRIES }, (_, i) => i / (ENTRIES - 1));
  const bytes = (/** @type {number} */ from, /** @type {number} */ to) =>
    shares.map((share) => Math.round(255 * (from + share * (to - from))));
  const [R, G, B] = [0, 1, 2].map((channel) => bytes(low.color[channel], high.color[channel]));
  const opacities = shares.map((s) => low.opacityPerMm + s * (high.opacityPerMm - low.opacityPerMm));
  const A = opacities.map((perMm) => Math.round(255 * (1 - (1 - perMm) ** stepMm)));
  return { R, G, B, A, I: shares.map((_, i) => i) };
}

/**
 * The lit sphere whose colors NiiVue takes by the normal, and doubles: light from the viewer. The highlight
 * is a factor here; all others add it.
 */
export async function matcapUrl(sizePx = 256) {
  const canvas = new OffscreenCanvas(sizePx, sizePx);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  const image = context.createImageData(sizePx, sizePx);
  for (let pixel = 0; pixel < sizePx * sizePx; pixel++) {
    const [x, y] = [pixel % sizePx, Math.floor(pixel / sizePx)].map((i) => (2 * (i + 0.5)) / sizePx - 1);
    const facing = Math.sqrt(Math.max(0, 1 - x * x - y * y));
    const light = shading.ambient + shading.diffuse * facing + shading.specular * facing ** shading.shininess;
    const gray = Math.round((255 * light) / 2);
    image.data.set([gray, gray, gray, 255], 4 * pixel);
  }
  context.putImageData(image, 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
}
