import { cameraAxes } from "../../render/state/camera.js";
import { type MprState, mprInterpolations, mprSlabKinds } from "../../render/state/mpr_state.js";
import type { MprPlane } from "../../render/state/plane.js";
import { transferPresets } from "../../render/state/transfer_presets.js";
import {
  type RayProjection,
  rayProjections,
  type ViewChange,
  type ViewState,
} from "../../render/state/view_state.js";
import { type CtWindow, windowPresets } from "../../render/state/window_presets.js";
import { oneNumber, oneOf, positiveNumber } from "./arguments.js";
import { pair, parseClip, parseColor, parseSlab, parseWindow, parseWindowLevel } from "./look_values.js";
import { lungCuts, lungOverlays } from "./render_masks.js";
import { UsageError } from "./usage_error.js";

/** Options that say how a picture looks, for the table of what the command accepts. */
export const lookFlags = {
  projection: { type: "string" },
  window: { type: "string" },
  wl: { type: "string" },
  preset: { type: "string" },
  "no-shading": { type: "boolean" },
  azimuth: { type: "string" },
  elevation: { type: "string" },
  roll: { type: "string" },
  perspective: { type: "string" },
  zoom: { type: "string" },
  pan: { type: "string" },
  slab: { type: "string" },
  "slab-kind": { type: "string" },
  slice: { type: "string" },
  position: { type: "string" },
  interpolation: { type: "string" },
  clip: { type: "string" },
  lungs: { type: "boolean" },
  "cut-lungs": { type: "string" },
  background: { type: "string" },
  frames: { type: "string" },
} as const;

type LookFlag = keyof typeof lookFlags;

export type LookTexts = {
  readonly [K in LookFlag]?: (typeof lookFlags)[K]["type"] extends "boolean" ? boolean : string;
};

const planes = ["axial", "coronal", "sagittal"] as const;
const rays: readonly Look[] = rayProjections;
const cuts: readonly Look[] = [...planes, "oblique"];

/** What `--projection` names: a projection, or a cut by its plane. */
export type Look = RayProjection | (typeof planes)[number] | "oblique";

/** Options that do nothing to some pictures; the others are heeded by all. */
const heededBy: { readonly [K in LookFlag]?: readonly Look[] } = {
  window: ["mip", "minip", "average", ...cuts],
  wl: ["mip", "minip", "average", ...cuts],
  preset: ["dvr"],
  "no-shading": ["dvr"],
  azimuth: [...rays, "oblique"],
  elevation: [...rays, "oblique"],
  roll: [...rays, "oblique"],
  perspective: rays,
  "slab-kind": cuts,
  slice: planes,
  position: cuts,
  interpolation: cuts,
  clip: rays,
  "cut-lungs": rays,
  frames: rays,
};

/**
 * Windows for projections of HU where neither caller nor file chose one: a sum of air and tissue is far below
 * the others. Cuts have that of their values.
 */
export const usualWindows: { readonly [K in Look]?: CtWindow } = {
  mip: { centerHu: 400, widthHu: 1400 },
  minip: windowPresets.lung,
  average: { centerHu: -400, widthHu: 1000 },
};

/**
 * What the options change of the state that they begin with; the place of a cut waits for the volume
 * (`cutPoint`).
 * @throws a usage error
 */
export function lookChange(texts: LookTexts, before: ViewState): ViewChange {
  const look = lookOf(texts, before);
  checkHeeded(texts, look);
  return {
    ...given<ViewChange>({
      window: maybe(texts.wl, parseWindowLevel) ?? maybe(texts.window, parseWindow),
      background: maybe(texts.background, parseColor),
      overlays: texts.lungs ? lungOverlays() : undefined,
    }),
    ...(isCut(look) ? cutChange(texts, look, before) : rayChange(texts, look)),
  };
}

function rayChange(texts: LookTexts, projection: RayProjection): ViewChange {
  return {
    projection,
    camera: { ...turned(texts), ...moved(texts) },
    ...given<ViewChange>({
      slab: maybe(texts.slab, parseSlab),
      clip: maybe(texts.clip, parseClip),
      cut: maybe(texts["cut-lungs"], (text) => lungCuts(oneOf(["hide", "dim"], text, "--cut-lungs"))),
      transfer: maybe(texts.preset, (text) => oneOf(keysOf(transferPresets), text, "--preset")),
      shading: texts["no-shading"] ? { on: false } : undefined,
    }),
  };
}

function cutChange(texts: LookTexts, look: Exclude<Look, RayProjection>, before: ViewState): ViewChange {
  const turn = turned(texts);
  // A stored plane stays, unless it is to be turned.
  const isKept = lookOfState(before) === "oblique" && Object.keys(turn).length === 0;
  const oblique = isKept ? before.mpr.plane : planeAcross({ ...before.camera, ...turn });
  const mpr = given<MprState>({
    plane: look === "oblique" ? oblique : look,
    slabMm: maybe(texts.slab, (text) => positiveNumber(text, "--slab")),
    slabKind: maybe(texts["slab-kind"], (text) => oneOf(mprSlabKinds, text, "--slab-kind")),
    interpolation: maybe(texts.interpolation, (text) => oneOf(mprInterpolations, text, "--interpolation")),
  });
  return { projection: "mpr", mpr: { ...moved(texts), ...mpr } };
}

function isCut(look: Look): look is Exclude<Look, RayProjection> {
  return cuts.includes(look);
}

/** What a state shows, in the words of `--projection`. */
export function lookOfState({ projection, mpr }: ViewState): Look {
  if (projection !== "mpr") return projection;
  return typeof mpr.plane === "string" ? mpr.plane : "oblique";
}

/** A preset can only be meant for volume rendering. */
function lookOf({ projection, preset }: LookTexts, before: ViewState): Look {
  if (projection !== undefined) return oneOf([...rays, ...cuts], projection, "--projection");
  return preset === undefined ? lookOfState(before) : "dvr";
}

function checkHeeded(texts: LookTexts, look: Look): void {
  for (const flag of keysOf(heededBy)) {
    const looks = heededBy[flag];
    if (texts[flag] === undefined || !looks || looks.includes(look)) continue;
    throw new UsageError(`--${flag} does nothing to the projection ${look}, only to ${looks.join(", ")}`);
  }
}

function moved({ zoom, pan }: LookTexts) {
  return given({
    zoom: maybe(zoom, (text) => positiveNumber(text, "--zoom")),
    panMm: maybe(pan, (text) => pair(text, "--pan")),
  });
}

function turned({ azimuth, elevation, roll, perspective }: LookTexts) {
  return given({
    azimuthDeg: maybe(azimuth, (text) => oneNumber(text, "--azimuth")),
    elevationDeg: maybe(elevation, (text) => oneNumber(text, "--elevation")),
    rollDeg: maybe(roll, (text) => oneNumber(text, "--roll")),
    perspectiveDeg: maybe(perspective, (text) => oneNumber(text, "--perspective")),
  });
}

/** The plane that a camera looks at straight. */
function planeAcross(camera: ViewState["camera"]): MprPlane {
  const { right, up } = cameraAxes(camera);
  return { right, down: [-up[0], -up[1], -up[2]] };
}

function maybe<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

/** Without the entries that are undefined: a change of a state changes what it names. */
function given<T extends object>(values: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const keysOf = <T extends object>(names: T) => Object.keys(names) as (keyof T & string)[];
