import type { Vec3 } from "../../core/grid.js";
import { type Camera, cameraAxes } from "./camera.js";

/**
 * What of the patient each edge of a picture shows: "R", "L", "A", "P", "H", "F", or several, the main one
 * first.
 */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** Directions more than 72.5 degrees away from an edge are not named: 0.3 is their cosine. */
const LEAST_PART = 0.3;

/** The orientation letters of DICOM (PS3.3 C.7.6.1.1.1) for the edges of a picture. */
export function edgeLetters(camera: Camera): EdgeLetters {
  const { right, up } = cameraAxes(camera);
  return lettersOfEdges(right, up);
}

/** The same for a picture whose right and up are these directions in LPS. */
export function lettersOfEdges(right: Vec3, up: Vec3): EdgeLetters {
  return {
    left: lettersOf(opposite(right)),
    right: lettersOf(right),
    top: lettersOf(up),
    bottom: lettersOf(opposite(up)),
  };
}

function lettersOf(direction: Vec3): string {
  const names = ["LR", "PA", "HF"];
  return direction
    .map((part, axis) => ({ part: Math.abs(part), letter: names[axis][part > 0 ? 0 : 1] }))
    .filter(({ part }) => part >= LEAST_PART)
    .sort((a, b) => b.part - a.part)
    .map(({ letter }) => letter)
    .join("");
}

function opposite([x, y, z]: Vec3): Vec3 {
  return [-x, -y, -z];
}
