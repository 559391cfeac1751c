// What every contestant shows: the same camera, window and transfer functions, in a canvas of 512 x 512
// pixels.

export const canvasPx = 512;

/** Anterior view, 10 degrees a frame round the head-foot axis, parallel rays: forward and right in LPS. */
export function axesOf(azimuthDeg) {
  const [sin, cos] = [Math.sin((azimuthDeg * Math.PI) / 180), Math.cos((azimuthDeg * Math.PI) / 180)];
  return { forward: [-sin, cos, 0], right: [cos, sin, 0], up: [0, 0, 1] };
}

/** Half the height of the picture: the volume's longest edge fills nine tenths of it. */
export function halfHeightMm(size, spacingMm) {
  return Math.max(...size.map((count, axis) => count * spacingMm[axis])) / 0.9 / 2;
}

/** Of the MIP: HU that are shown black and white. */
export const mipWindow = { lowHu: -500, highHu: 1300 };

const boneColors = [
  [0.7, 0.5, 0.4],
  [1, 1, 1],
];
const softColors = [
  [0.75, 0.5, 0.4],
  [1, 0.9, 0.8],
];

/** Two points each: HU, color, and the share of light that a millimeter stops. Between them all is linear. */
const ramp = (lowHu, highHu, opacityPerMm, colors) => [
  { hu: lowHu, color: colors[0], opacityPerMm: 0 },
  { hu: highHu, color: colors[1], opacityPerMm },
];

export const shading = { ambient: 0.25, diffuse: 0.8, specular: 0.2, shininess: 20 };

/**
 * What is drawn, in this order. Bone and soft tissue as in the prototype whose numbers the targets come from.
 */
export const modes = {
  mip: {},
  bone: { transfer: ramp(150, 1200, 0.8, boneColors), lit: false },
  soft: { transfer: ramp(-600, 100, 0.3, softColors), lit: false },
  lit: { transfer: ramp(150, 1200, 0.8, boneColors), lit: true },
};
