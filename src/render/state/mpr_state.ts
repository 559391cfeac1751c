import { HounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { type MprPlane, planeAxes } from "./plane.js";

/** How values between voxels are made. */
export type MprInterpolation = "nearest" | "linear" | "cubic";
/** What of a thick cut's depth is shown. */
export type MprSlabKind = "maximum" | "minimum" | "average";
export const mprInterpolations: readonly MprInterpolation[] = ["nearest", "linear", "cubic"];
export const mprSlabKinds: readonly MprSlabKind[] = ["maximum", "minimum", "average"];

/** What a cut shows: plain data. */
export interface MprState {
  readonly plane: MprPlane;
  /** The crosshair, which the plane goes through: mm, LPS. */
  readonly pointMm: Vec3;
  readonly interpolation: MprInterpolation;
  /** Thickness, half before and half behind the plane; 0 for the plane alone. */
  readonly slabMm: number;
  readonly slabKind: MprSlabKind;
  /** 1 shows all of the volume. */
  readonly zoom: number;
  /** Point shown in the middle of the picture: mm to the right and up from the volume's center. */
  readonly panMm: readonly [number, number];
}

/** @throws HounsfieldError `invalid-option` */
export function checkMpr(mpr: MprState): void {
  planeAxes(mpr.plane);
  const fail = (what: string, got: unknown, accepted: string) => {
    throw new HounsfieldError("invalid-option", `mpr ${what}: got ${got}, accepted ${accepted}`, {
      got,
      accepted,
    });
  };
  const { pointMm, interpolation, slabMm, slabKind, zoom, panMm } = mpr;
  if (!(pointMm.length === 3 && pointMm.every(Number.isFinite)))
    fail("pointMm", pointMm, "three finite numbers");
  if (!mprInterpolations.includes(interpolation))
    fail("interpolation", interpolation, mprInterpolations.join(", "));
  if (!(slabMm >= 0 && slabMm < Number.POSITIVE_INFINITY))
    fail("slabMm", slabMm, "a finite number of at least 0");
  if (!mprSlabKinds.includes(slabKind)) fail("slabKind", slabKind, mprSlabKinds.join(", "));
  if (!(zoom > 0 && zoom < Number.POSITIVE_INFINITY)) fail("zoom", zoom, "a finite number above 0");
  if (!(panMm.length === 2 && panMm.every(Number.isFinite))) fail("panMm", panMm, "two finite numbers");
}
