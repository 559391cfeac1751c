// What every contestant shows: the same camera, window and transfer functions, in a canvas of 512 x 512
// pixels.

export const CANVAS_PX = 512;

/** @typedef {import("hounsfield").Vec3} Vec3 */
/** @typedef {import("hounsfield").TransferPoint} TransferPoint */
/** @typedef {"mip" | "bone" | "soft" | "lit"} Mode */

/**
 * Anterior view, 10 degrees a frame round the head-foot axis, parallel rays: forward and right in LPS.
 * @param {number} azimuthDeg
 * @returns {{ forward: Vec3, right: Vec3, up: Vec3 }}
 */
export function axesOf(azimuthDeg) {
  const [sin, cos] = [Math.sin((azimuthDeg * Math.PI) / 180), Math.cos((azimuthDeg * Math.PI) / 180)];
  return { forward: [-sin, cos, 0], right: [cos, sin, 0], up: [0, 0, 1] };
}

/**
 * Half the height of the picture: the volume's longest edge fills nine tenths of it.
 * @param {readonly number[]} size
 * @param {readonly number[]} spacingMm
 */
export function halfHeightMm(size, spacingMm) {
  return Math.max(...size.map((count, axis) => count * spacingMm[axis])) / 0.9 / 2;
}

/** Of the MIP: HU that are shown black and white. */
export const mipWindow = { lowHu: -500, highHu: 1300 };

/** @typedef {readonly [low: Vec3, high: Vec3]} Colors */

/** @type {Colors} */
const boneColors = [
  [0.7, 0.5, 0.4],
  [1, 1, 1],
];
/** @type {Colors} */
const softColors = [
  [0.75, 0.5, 0.4],
  [1, 0.9, 0.8],
];

/**
 * Two points each: HU, color, and the share of light that a millimeter stops. Between them all is linear.
 * @param {number} lowHu
 * @param {number} highHu
 * @param {number} opacityPerMm
 * @param {Colors} colors
 * @returns {readonly [TransferPoint, TransferPoint]}
 */
const ramp = (lowHu, highHu, opacityPerMm, colors) => [
  { hu: lowHu, color: colors[0], opacityPerMm: 0 },
  { hu: highHu, color: colors[1], opacityPerMm },
];

export const shading = { ambient: 0.25, diffuse: 0.8, specular: 0.2, shininess: 20 };

/**
 * What is drawn, in this order. Bone and soft tissue as in the prototype whose numbers the targets come from.
 * @type {Readonly<Record<Mode, { readonly transfer?: readonly [TransferPoint, TransferPoint],
 * readonly lit?: boolean }>>}
 */
export const modes = {
  mip: {},
  bone: { transfer: ramp(150, 1200, 0.8, boneColors), lit: false },
  soft: { transfer: ramp(-600, 100, 0.3, softColors), lit: false },
  lit: { transfer: ramp(150, 1200, 0.8, boneColors), lit: true },
};

/** @param {string} name @returns {name is Mode} */
export function isMode(name) {
  return Object.hasOwn(modes, name);
}
