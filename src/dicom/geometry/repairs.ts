import type { Repair } from "../../core/errors.js";

/** All that `allow` takes: what is resampled, then what is assumed. */
export const REPAIRS: readonly Repair[] = [
  ...(["irregular", "gaps", "tilt"] as const),
  ...(["joined", "assumed-spacing", "assumed-orientation"] as const),
];
