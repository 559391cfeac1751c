import { isWithin, refused } from "./fail.js";

/**
 * How surfaces in volume rendering are lit: Blinn and Phong's, by a lamp at the viewer's upper left that goes
 * with the camera. Plain data.
 */
export interface Shading {
  readonly on: boolean;
  /** Light that reaches all sides. 0..1. */
  readonly ambient: number;
  /** Light of surfaces that face the lamp. 0..2. */
  readonly diffuse: number;
  /** Strength of highlights. 0..2. */
  readonly specular: number;
  /** Exponent of highlights: greater ones are smaller. 1..200. */
  readonly shininess: number;
}

export const usualShading: Shading = { on: true, ambient: 0.25, diffuse: 0.8, specular: 0.2, shininess: 20 };

/** @throws HounsfieldError `invalid-option` */
export function checkShading({ on, ambient, diffuse, specular, shininess }: Shading): void {
  if (typeof on !== "boolean") throw refused("shading on", on, "true or false");
  if (!isWithin(ambient, 0, 1)) throw refused("shading ambient", ambient, "0..1");
  if (!isWithin(diffuse, 0, 2)) throw refused("shading diffuse", diffuse, "0..2");
  if (!isWithin(specular, 0, 2)) throw refused("shading specular", specular, "0..2");
  if (!isWithin(shininess, 1, 200)) throw refused("shading shininess", shininess, "1..200");
}
