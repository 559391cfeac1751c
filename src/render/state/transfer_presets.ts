import type { TransferFunction } from "./transfer.js";

/** The transfer functions that have names. */
export type TransferPreset = "lung" | "soft-tissue" | "bone" | "vessels" | "airways";

/** Transfer functions for CT, tuned by eye on a chest CT without contrast medium, with the usual shading. */
export const transferPresets: Readonly<Record<TransferPreset, TransferFunction>> = {
  /**
   * Vessels, fissures and consolidations of the lungs. Skin and chest wall have the same HU at their edges,
   * but steeper ones: those are cleared. Fat, some -100 HU with its noise, is clear too.
   */
  lung: {
    points: [
      { hu: -720, color: [0.55, 0.2, 0.15], opacityPerMm: 0 },
      { hu: -560, color: [0.85, 0.4, 0.3], opacityPerMm: 0.2 },
      { hu: -380, color: [1, 0.68, 0.55], opacityPerMm: 0.45 },
      { hu: -270, color: [1, 0.88, 0.8], opacityPerMm: 0.45 },
      { hu: -220, color: [1, 0.9, 0.85], opacityPerMm: 0 },
    ],
    gradientOpacity: [
      { gradientHuPerMm: 200, factor: 1 },
      { gradientHuPerMm: 340, factor: 0.02 },
    ],
  },
  /**
   * Skin; in a clip fat, muscle and bone. It begins where the edge to air is steepest, so that noise does not
   * roughen the skin.
   */
  "soft-tissue": {
    points: [
      { hu: -450, color: [0.72, 0.48, 0.38], opacityPerMm: 0 },
      { hu: -250, color: [0.86, 0.64, 0.5], opacityPerMm: 0.5 },
      { hu: -80, color: [0.93, 0.76, 0.6], opacityPerMm: 0.6 },
      { hu: 20, color: [0.8, 0.4, 0.33], opacityPerMm: 0.7 },
      { hu: 150, color: [0.95, 0.8, 0.68], opacityPerMm: 0.8 },
      { hu: 400, color: [1, 0.97, 0.9], opacityPerMm: 0.9 },
    ],
  },
  /** The skeleton alone. */
  bone: {
    points: [
      { hu: 170, color: [0.78, 0.6, 0.47], opacityPerMm: 0 },
      { hu: 300, color: [0.92, 0.82, 0.68], opacityPerMm: 0.4 },
      { hu: 600, color: [1, 0.96, 0.87], opacityPerMm: 0.7 },
      { hu: 1200, color: [1, 1, 0.98], opacityPerMm: 0.9 },
    ],
  },
  /** Vessels with contrast medium in red, dense bone pale. */
  vessels: {
    points: [
      { hu: 140, color: [0.6, 0.08, 0.07], opacityPerMm: 0 },
      { hu: 220, color: [0.8, 0.16, 0.12], opacityPerMm: 0.3 },
      { hu: 330, color: [0.92, 0.42, 0.34], opacityPerMm: 0.6 },
      { hu: 480, color: [0.96, 0.86, 0.76], opacityPerMm: 0.7 },
      { hu: 900, color: [1, 0.97, 0.92], opacityPerMm: 0.8 },
    ],
  },
  /**
   * The inner surface of air: trachea and bronchi; the skin's is one too, for a slab, a clip or a mask to
   * take away.
   */
  airways: {
    points: [
      { hu: -1005, color: [0.35, 0.65, 0.82], opacityPerMm: 0 },
      { hu: -965, color: [0.45, 0.75, 0.9], opacityPerMm: 0.6 },
      { hu: -900, color: [0.7, 0.9, 1], opacityPerMm: 0.6 },
      { hu: -865, color: [0.8, 0.95, 1], opacityPerMm: 0 },
    ],
    gradientOpacity: [
      { gradientHuPerMm: 90, factor: 0 },
      { gradientHuPerMm: 200, factor: 1 },
    ],
  },
};
