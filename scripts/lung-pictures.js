// Makes docs/images/lung-cases.png: the lung mask over generated chests, one case a row: an axial slice as it
// is and with labels, then the same of a coronal cut. No patient's data is in it. On the CPU engine, so the
// same bytes every time.
//
//   node scripts/lung-pictures.js [--out FILE]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createServer } from "vite";
import { gray, pngOf, tinted } from "./gallery/pictures.js";
import { coronalOf } from "./gallery/planes.js";

/** @typedef {import("./gallery/pictures.js").Picture} Picture */

/** HU as black to white: the lung and the chest's wall. */
const LUNG_HU = [-1100, 200];
/** Millimeters of a pixel; all panels are of one height. */
const PIXEL_MM = 2;
const GAP = 4;

const { out } = parseArgs({
  options: { out: { type: "string", default: "docs/images/lung-cases.png" } },
}).values;
const vite = await createServer({
  appType: "custom",
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  esbuild: { target: "node20" },
  optimizeDeps: { noDiscovery: true },
});
const { picturedCases } = await vite.ssrLoadModule("/test/support/lung_pictures.ts");
/** @type {Picture[]} */
const rows = [];
for await (const { name, grid, hu, labels, z, y, said } of picturedCases()) {
  console.log(`${name}: ${said}`);
  rows.push(beside([...axialPair(grid, hu, labels, z), ...coronalPair(grid, hu, labels, y)]));
}
writeFileSync(out, pngOf(below(rows)));
await vite.close();

/**
 * @param {import("hounsfield").Grid} grid
 * @param {Int16Array} hu
 * @param {Uint8Array} labels
 * @param {number} z
 */
function axialPair({ size, spacingMm }, hu, labels, z) {
  const [width, height] = size;
  const of = (/** @type {Int16Array | Uint8Array} */ values) => ({
    width,
    height,
    spacingMm: spacingMm.slice(0, 2),
    values: values.subarray(z * width * height, (z + 1) * width * height),
  });
  return pair(of(hu), of(labels));
}

/**
 * @param {import("hounsfield").Grid} grid
 * @param {Int16Array} hu
 * @param {Uint8Array} labels
 * @param {number} y
 */
function coronalPair(grid, hu, labels, y) {
  return pair(coronalOf(grid, hu, y), coronalOf(grid, labels, y));
}

/**
 * @param {import("./gallery/pictures.js").Plane} hu
 * @param {import("./gallery/pictures.js").Plane} labels
 */
function pair(hu, labels) {
  const plain = gray(hu, LUNG_HU, { mm: PIXEL_MM });
  return [plain, tinted(plain, labels, { mm: PIXEL_MM })];
}

/**
 * Pictures side by side, their tops in line.
 * @param {readonly Picture[]} pictures
 * @returns {Picture}
 */
function beside(pictures) {
  const width = pictures.reduce((sum, one) => sum + one.width + GAP, -GAP);
  const height = Math.max(...pictures.map((one) => one.height));
  const rgb = new Uint8Array(width * height * 3).fill(255);
  let x = 0;
  for (const one of pictures) {
    for (let row = 0; row < one.height; row++) {
      rgb.set(one.rgb.subarray(row * one.width * 3, (row + 1) * one.width * 3), (row * width + x) * 3);
    }
    x += one.width + GAP;
  }
  return { width, height, rgb };
}

/**
 * Pictures one under another, their left sides in line.
 * @param {readonly Picture[]} pictures
 * @returns {Picture}
 */
function below(pictures) {
  const width = Math.max(...pictures.map((one) => one.width));
  const height = pictures.reduce((sum, one) => sum + one.height + GAP, -GAP);
  const rgb = new Uint8Array(width * height * 3).fill(255);
  let y = 0;
  for (const one of pictures) {
    for (let row = 0; row < one.height; row++) {
      rgb.set(one.rgb.subarray(row * one.width * 3, (row + 1) * one.width * 3), (y + row) * width * 3);
    }
    y += one.height + GAP;
  }
  return { width, height, rgb };
}
