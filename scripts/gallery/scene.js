// What the gallery's operations start from: the generated chest, and what is made of it.
import { bytesSource, chooseSeries, listSeries, loadVolume, lungMask } from "hounsfield";
import { combineMasks, crop, erode, removeBorderComponents, resample, threshold } from "hounsfield/ops";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

/** @typedef {import("hounsfield").Grid} Grid */
/** @typedef {import("hounsfield/phantom").ChestPhantom} Phantom */

/** Slices to look at: where the bronchi branch, a nodule, an opacity, gas in the stomach. */
export const level = { bronchi: 42, nodule: 52, opacity: 30, stomach: 15 };

/** HU as black to white. */
export const wide = [-1000, 400];
export const soft = [-200, 250];

/** x, y, width, height in mm: the roots of both lungs, the right lung, the nodule. */
export const areas = {
  roots: [90, 70, 180, 150],
  right: [20, 55, 150, 150],
  nodule: [60, 110, 110, 110],
};

/** In the order of the page: what each name is. */
export const namesOfScene = {
  volume: "the generated chest: 224 x 224 x 72 voxels of 1.6 x 1.6 x 4 mm",
  coarse: "the same with voxels of 6.4 x 6.4 x 4 mm",
  detail: "a box of it around the roots of the lungs",
  noisy: "a few slices of it, with noise of 120 HU",
  zonePlate: "rings that get finer outwards, up to two voxels a ring",
  corner: "a grid of 7 x 5 voxels of 1 mm",
  turnedGrid: "the chest's grid, turned by 20° about the head-foot axis through its middle",
  likelihoods:
    "stands for a model's output: background, lung and bone of each voxel of `volume`, by HU alone",
  air: "the mask of HU below -400",
  tissue: "the mask of HU of -400 and more",
  innerAir: "`air` without what touches the frame of a slice",
  emptyAir: "the mask of HU below -930",
  lungs: "both lungs by the lung mask",
  right: "the right lung by the lung mask",
  left: "the left lung by the lung mask",
  airways: "trachea and bronchi by the lung mask",
  plain: "lungs by the lung mask's plain recipe, `threshold`",
  vessels: "tissue in the lungs",
  bone: "the mask of HU of 300 and more",
  dense: "the mask of HU of 130 and more",
};

/** @param {import("hounsfield").CtEngine} engine */
export async function makeScene(engine) {
  const chest = chestPhantom({ size: [224, 224, 72] });
  const volume = await load(engine, chest);
  const air = await threshold(volume, { belowHu: -400 });
  const tissue = await threshold(volume, { fromHu: -400 });
  const found = await lungMask(volume);
  const lungs = await combineMasks(found.right, found.left, { rule: "or" });
  const plain = await lungMask(volume, { method: "threshold" });
  /** @type {Grid} */
  const corner = { ...volume.grid, size: [7, 5, 1], spacingMm: [1, 1, 1], originMm: [0, 0, 0] };
  const inner = await erode(lungs, { shape: "disc", radiusMm: 5 });
  return {
    volume,
    coarse: await resample(volume, { spacingMm: [6.4, 6.4, 4], align: "edges" }),
    detail: await crop(volume, { from: [60, 50, 30], to: [164, 134, 54] }),
    noisy: await load(
      engine,
      thinned(chestPhantom({ size: [224, 224, 72], noiseHu: 120 }), level.bronchi - 1, 3),
    ),
    zonePlate: await load(engine, zonePlate()),
    corner,
    turnedGrid: turned(volume.grid, 20),
    likelihoods: likelihoodsOf(await volume.read()),
    air,
    tissue,
    innerAir: await removeBorderComponents(air),
    emptyAir: await threshold(volume, { belowHu: -930 }),
    lungs,
    right: found.right,
    left: found.left,
    airways: found.airways,
    plain: plain.right,
    vessels: await combineMasks(tissue, inner, { rule: "and" }),
    bone: await threshold(volume, { fromHu: 300 }),
    dense: await threshold(volume, { fromHu: 130 }),
  };
}

/**
 * Through DICOM files in memory, as everybody's volumes come.
 * @param {import("hounsfield").CtEngine} engine
 * @param {Phantom} phantom
 */
async function load(engine, phantom) {
  const files = [...phantomSeries(phantom, { transferSyntax: "1.2.840.10008.1.2.1" })];
  const { series } = await listSeries(files.map(({ name, bytes }) => bytesSource(name, bytes)));
  return loadVolume(engine, chooseSeries(series));
}

/**
 * Some slices of a phantom.
 * @param {Phantom} phantom
 * @param {number} k0
 * @param {number} slices
 * @returns {Phantom}
 */
function thinned({ grid, seed, slice, labels }, k0, slices) {
  const fewer = { ...grid, size: /** @type {const} */ ([grid.size[0], grid.size[1], slices]) };
  return { grid: fewer, seed, slice: (k) => slice(k0 + k), labels: (k) => labels(k0 + k) };
}

/**
 * cos(pi r² / 2R): half a cycle a voxel at the edge, r = R voxels.
 * @returns {Phantom}
 */
function zonePlate() {
  const side = 192;
  const slice = Int16Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) - (side - 1) / 2, Math.floor(at / side) - (side - 1) / 2];
    return Math.round(1000 * Math.cos((Math.PI * (x * x + y * y)) / side));
  });
  /** @type {Grid} */
  const grid = {
    size: [side, side, 3],
    spacingMm: [1, 1, 1],
    originMm: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  return { grid, seed: 2, slice: () => slice, labels: () => new Uint8Array(side * side) };
}

/** @param {Grid} grid @param {number} degrees @returns {Grid} */
function turned(grid, degrees) {
  const [cos, sin] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)];
  const [x, y] = [0, 1].map((axis) => ((grid.size[axis] - 1) / 2) * grid.spacingMm[axis]);
  const [middleX, middleY] = [grid.originMm[0] + x, grid.originMm[1] + y];
  return {
    ...grid,
    direction: [cos, -sin, 0, sin, cos, 0, 0, 0, 1],
    originMm: [middleX - cos * x + sin * y, middleY - sin * x - cos * y, grid.originMm[2]],
  };
}

/**
 * Three channels, each as long as `hu`: one half, what is likely lung, what is likely bone.
 * @param {Int16Array} hu
 */
function likelihoodsOf(hu) {
  const data = new Float32Array(3 * hu.length).fill(0.5, 0, hu.length);
  hu.forEach((value, i) => {
    data[hu.length + i] = 1 / (1 + Math.exp((value + 500) / 50));
    data[2 * hu.length + i] = 1 / (1 + Math.exp((200 - value) / 50));
  });
  return data;
}
