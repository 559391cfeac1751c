import type { TransferFunction } from "./transfer.js";

/** Transfer functions for CT, tuned by eye on chest CTs with the usual shading. */
export const transferPresets = {
  /** Vessels and walls of the lungs, air clear, the body around as a faint shell. */
  lung: {
    points: [
      { hu: -780, color: [0.55, 0.25, 0.2], opacityPerMm: 0 },
      { hu: -600, color: [0.8, 0.4, 0.32], opacityPerMm: 0.04 },
      { hu: -300, color: [0.95, 0.6, 0.5], opacityPerMm: 0.16 },
      { hu: -50, color: [1, 0.8, 0.72], opacityPerMm: 0.03 },
      { hu: 100, color: [1, 0.9, 0.85], opacityPerMm: 0.01 },
    ],
  },
  /** Skin and the organs' surfaces. */
  "soft-tissue": {
    points: [
      { hu: -300, color: [0.75, 0.5, 0.4], opacityPerMm: 0 },
      { hu: -100, color: [0.9, 0.7, 0.55], opacityPerMm: 0.15 },
      { hu: 20, color: [0.9, 0.5, 0.42], opacityPerMm: 0.4 },
      { hu: 150, color: [0.95, 0.75, 0.65], opacityPerMm: 0.6 },
      { hu: 400, color: [1, 0.97, 0.9], opacityPerMm: 0.9 },
    ],
  },
  /** The skeleton alone. */
  bone: {
    points: [
      { hu: 150, color: [0.7, 0.5, 0.4], opacityPerMm: 0 },
      { hu: 300, color: [0.9, 0.8, 0.65], opacityPerMm: 0.35 },
      { hu: 700, color: [1, 0.97, 0.9], opacityPerMm: 0.7 },
      { hu: 1200, color: [1, 1, 1], opacityPerMm: 0.9 },
    ],
  },
  /** Vessels with contrast medium, bone pale. */
  vessels: {
    points: [
      { hu: 120, color: [0.6, 0.1, 0.08], opacityPerMm: 0 },
      { hu: 220, color: [0.85, 0.2, 0.15], opacityPerMm: 0.4 },
      { hu: 400, color: [0.95, 0.45, 0.35], opacityPerMm: 0.7 },
      { hu: 700, color: [1, 0.93, 0.85], opacityPerMm: 0.8 },
    ],
  },
  /** Surfaces between tissue and air: trachea, bronchi, and the lungs' borders. */
  airways: {
    points: [
      { hu: -1024, color: [0.35, 0.6, 0.75], opacityPerMm: 0.15 },
      { hu: -950, color: [0.45, 0.7, 0.85], opacityPerMm: 0.12 },
      { hu: -900, color: [0.55, 0.75, 0.85], opacityPerMm: 0 },
    ],
    gradientOpacity: [
      { gradientHuPerMm: 20, factor: 0 },
      { gradientHuPerMm: 120, factor: 1 },
    ],
  },
} as const satisfies Readonly<Record<string, TransferFunction>>;

export type TransferPreset = keyof typeof transferPresets;
