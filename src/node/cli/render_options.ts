import { cameraAxes } from "../../render/camera.js";
import { mprInterpolations, mprSlabKinds } from "../../render/mpr/mpr_state.js";
import type { MprPlane } from "../../render/mpr/plane.js";
import { transferPresets } from "../../render/ray/transfer_presets.js";
import { rayProjections, type ViewChange, type ViewState } from "../../render/view_state.js";
import { type CtWindow, type WindowPreset, windowPresets } from "../../render/window_presets.js";
import { numbers, oneNumber, oneOf, positiveNumber } from "./arguments.js";
import { lungCuts, lungOverlays } from "./render_masks.js";
import { UsageError } from "./usage.js";

/** Options that say how a picture looks, for the table of what the command accepts. */
export const lookFlags = {
  projection: { type: "string" },
  window: { type: "string" },
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
export type Look = (typeof rayProjections)[number] | (typeof planes)[number] | "oblique";

/** Options that do nothing to some pictures; the others are heeded by all. */
const heededBy: { readonly [K in LookFlag]?: readonly Look[] } = {
  window: ["mip", "minip", "average", ...cuts],
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

/** Windows that show something of a chest where nobody chose one: a sum of air and tissue is far below both. */
export const usualWindows: { readonly [K in Look]?: CtWindow } = {
  mip: { centerHu: 400, widthHu: 1400 },
  minip: windowPresets.lung,
  average: { centerHu: -400, widthHu: 1000 },
  axial: windowPresets.softTissue,
  coronal: windowPresets.softTissue,
  sagittal: windowPresets.softTissue,
  oblique: windowPresets.softTissue,
};

/** What the options change of the state that they begin with; the place of a cut waits for the volume (`cutPoint`). Throws a usage error. */
export function lookChange(texts: LookTexts, before: ViewState): ViewChange {
  const look = lookOf(texts, before);
  checkHeeded(texts, look);
  const camera = cameraChange(texts);
  const moved = given({
    zoom: maybe(texts.zoom, (text) => positiveNumber(text, "--zoom")),
    panMm: maybe(texts.pan, (text) => pair(text, "--pan")),
  });
  const { slab, clip, window, background } = texts;
  const common = given<ViewChange>({
    window: maybe(window, parseWindow),
    background: maybe(background, parseColor),
    overlays: texts.lungs ? lungOverlays() : undefined,
  });
  if (isCut(look)) {
    const isTurned = texts.projection === "oblique" || Object.keys(camera).length > 0;
    const mpr = given({
      plane:
        look === "oblique" ? (isTurned ? planeAcross({ ...before.camera, ...camera }) : undefined) : look,
      slabMm: maybe(slab, (text) => positiveNumber(text, "--slab")),
      slabKind: maybe(texts["slab-kind"], (text) => oneOf(mprSlabKinds, text, "--slab-kind")),
      interpolation: maybe(texts.interpolation, (text) => oneOf(mprInterpolations, text, "--interpolation")),
    });
    return { ...common, projection: "mpr", mpr: { ...moved, ...mpr } };
  }
  return {
    ...common,
    ...given<ViewChange>({
      slab: maybe(slab, parseSlab),
      clip: maybe(clip, parseClip),
      cut: maybe(texts["cut-lungs"], (text) => lungCuts(oneOf(["hide", "dim"], text, "--cut-lungs"))),
      transfer: maybe(texts.preset, (text) => oneOf(keysOf(transferPresets), text, "--preset")),
      shading: texts["no-shading"] ? { on: false } : undefined,
    }),
    projection: look,
    camera: { ...camera, ...moved },
  };
}

function isCut(look: Look): look is Exclude<Look, (typeof rayProjections)[number]> {
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

function cameraChange({ azimuth, elevation, roll, perspective }: LookTexts) {
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

function parseWindow(text: string): WindowPreset | CtWindow {
  if (/^[-+.\d]/.test(text)) {
    const [centerHu, widthHu] = numbers(text, 2, "--window");
    return { centerHu, widthHu };
  }
  const names = new Map(keysOf(windowPresets).map((name) => [spelled(name), name]));
  const name = names.get(spelled(text));
  if (name) return name;
  throw new UsageError(`--window takes ${[...names.keys()].join(", ")}, or CENTER,WIDTH, got "${text}"`);
}

/** "softTissue" as "soft-tissue", which is how transfer presets are written. */
function spelled(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function parseSlab(text: string): ViewState["slab"] {
  const [thicknessMm, centerMm] = text.includes(",") ? numbers(text, 2, "--slab") : [Number(text), 0];
  if (thicknessMm > 0 && Number.isFinite(thicknessMm)) return { centerMm, thicknessMm };
  throw new UsageError(`--slab takes a thickness in mm, or THICKNESS,CENTER, got "${text}"`);
}

function parseClip(text: string): ViewState["clip"] {
  const [x0, y0, z0, x1, y1, z1] = numbers(text, 6, "--clip");
  return { box: { fromMm: [x0, y0, z0], toMm: [x1, y1, z1] } };
}

function parseColor(text: string): ViewState["background"] {
  const [red, green, blue] = numbers(text, 3, "--background");
  if ([red, green, blue].every((part) => part >= 0 && part <= 1)) return [red, green, blue];
  throw new UsageError(`--background takes red, green and blue of 0..1, got "${text}"`);
}

function pair(text: string, option: string): readonly [number, number] {
  const [right, up] = numbers(text, 2, option);
  return [right, up];
}

function maybe<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

/** Without the entries that are undefined: a change of a state changes what it names. */
function given<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const keysOf = <T extends object>(names: T) => Object.keys(names) as (keyof T & string)[];
