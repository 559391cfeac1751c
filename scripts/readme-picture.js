// Makes docs/images/first-light.png, the picture of the README, from the built library and the generated
// chest: an axial slice with the lung mask over it, and the maximum projection from the front and turned by
// 40 degrees.
import { mkdirSync, writeFileSync } from "node:fs";
import { encode } from "fast-png";
import {
  chooseSeries,
  listSeries,
  loadVolume,
  lungMask,
  openEngine,
  renderToPixels,
  windowPresets,
} from "hounsfield";
import { bytesSource } from "hounsfield/dicom";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

const side = 420;

/**
 * Nearest gray of slice k in the lung window, lungs tinted, the slice's middle `mm` millimeters wide.
 * @param {import("hounsfield").Grid} grid
 * @param {Int16Array} hu
 * @param {Uint8Array} lungs
 * @param {number} mm
 */
function slicePanel(grid, hu, lungs, mm) {
  const [nx, ny] = grid.size;
  const { centerHu, widthHu } = windowPresets.lung;
  const rgb = new Uint8Array(side * side * 3);
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += 3) {
      const x = Math.round(nx / 2 + ((column / side - 0.5) * mm) / grid.spacingMm[0]);
      const y = Math.round(ny / 2 + ((row / side - 0.5) * mm) / grid.spacingMm[1]);
      const gray = Math.min(1, Math.max(0, (hu[y * nx + x] - centerHu + widthHu / 2) / widthHu)) * 255;
      const tint = lungs[y * nx + x] ? [0.8, 1, 1.25] : [1, 1, 1];
      for (let c = 0; c < 3; c++)
        rgb[at + c] = Math.min(255, gray * tint[c] + (lungs[y * nx + x] ? 8 * c : 0));
    }
  }
  return rgb;
}

/** @param {Uint8Array | Uint8ClampedArray} rgba */
function rgbOf(rgba) {
  return rgba.filter((_, i) => i % 4 !== 3);
}

/**
 * @param {readonly (Uint8Array | Uint8ClampedArray)[]} panels
 * @returns {import("fast-png").ImageData}
 */
function sideBySide(panels) {
  const data = new Uint8Array(side * panels.length * side * 3);
  for (let row = 0; row < side; row++) {
    panels.forEach((panel, i) => {
      data.set(panel.subarray(row * side * 3, (row + 1) * side * 3), (row * panels.length + i) * side * 3);
    });
  }
  return { width: side * panels.length, height: side, data, channels: 3, depth: 8 };
}

const engine = await openEngine({ device: "gpu", software: "fallback" });
const sources = [...phantomSeries(chestPhantom({ size: [384, 384, 192] }))].map(({ name, bytes }) =>
  bytesSource(name, bytes),
);
const series = chooseSeries((await listSeries(sources)).series);
const volume = await loadVolume(engine, series);
const { right: lungs } = await lungMask(volume, { method: "threshold" });
const k = Math.round(volume.grid.size[2] * 0.5);
const slice = slicePanel(volume.grid, await volume.read(k, k + 1), await lungs.read(k, k + 1), 350);
/** @type {import("hounsfield").ViewChange} */
const view = { projection: "mip", window: { centerHu: 350, widthHu: 1500 } };
const size = { width: side, height: side };
const front = await renderToPixels(volume, { ...view, camera: { azimuthDeg: 0, zoom: 1.05 } }, size);
const turned = await renderToPixels(
  volume,
  { ...view, camera: { azimuthDeg: 40, elevationDeg: 12, zoom: 1.05 } },
  size,
);
mkdirSync("docs/images", { recursive: true });
writeFileSync("docs/images/first-light.png", encode(sideBySide([slice, rgbOf(front), rgbOf(turned)])));
process.exit(0);
