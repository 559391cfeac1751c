import type { ViewState } from "../../render/state/view_state.js";
import { type CtWindow, type WindowPreset, windowPresets } from "../../render/state/window_presets.js";
import { numbers } from "./arguments.js";
import { UsageError } from "./usage.js";

/** "lung" or "center,width". The names are spelled as those of transfer presets; as the library spells them is fine too. */
export function parseWindow(text: string): WindowPreset | CtWindow {
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

export function parseSlab(text: string): ViewState["slab"] {
  const [thicknessMm, centerMm] = text.includes(",") ? numbers(text, 2, "--slab") : [Number(text), 0];
  if (thicknessMm > 0 && Number.isFinite(thicknessMm)) return { centerMm, thicknessMm };
  throw new UsageError(`--slab takes a thickness in mm, or THICKNESS,CENTER, got "${text}"`);
}

export function parseClip(text: string): ViewState["clip"] {
  const [x0, y0, z0, x1, y1, z1] = numbers(text, 6, "--clip");
  return { box: { fromMm: [x0, y0, z0], toMm: [x1, y1, z1] } };
}

export function parseColor(text: string): ViewState["background"] {
  const [red, green, blue] = numbers(text, 3, "--background");
  if ([red, green, blue].every((part) => part >= 0 && part <= 1)) return [red, green, blue];
  throw new UsageError(`--background takes red, green and blue of 0..1, got "${text}"`);
}

export function pair(text: string, option: string): readonly [number, number] {
  const [right, up] = numbers(text, 2, option);
  return [right, up];
}

const keysOf = <T extends object>(names: T) => Object.keys(names) as (keyof T & string)[];
