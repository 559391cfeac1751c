import type { HuWindow } from "../../ops/value/window_slabs.js";
import type { ViewState } from "../../render/state/view_state.js";
import { type CtWindow, type WindowPreset, windowPresets } from "../../render/state/window_presets.js";
import { numbers } from "./arguments.js";
import { UsageError } from "./usage_error.js";

/**
 * "lung" or "LOW:HIGH". Names are spelled as those of transfer presets; the library's spelling is accepted
 * too. Two numbers with a comma are refused: they would be LOW,HIGH to `preprocess` and were CENTER,WIDTH
 * here once.
 */
export function parseWindow(text: string): WindowPreset | CtWindow {
  if (text.includes(":")) {
    const { lowHu, highHu } = parseHuRange(text);
    return { centerHu: (lowHu + highHu) / 2, widthHu: highHu - lowHu };
  }
  if (/^[-+.\d]/.test(text)) {
    throw new UsageError(
      `--window ${text} is ambiguous: write --window LOW:HIGH for a range of HU, or --wl CENTER,WIDTH`,
    );
  }
  const names = new Map(keysOf(windowPresets).map((name) => [spelled(name), name]));
  const name = names.get(spelled(text));
  if (name) return name;
  throw new UsageError(`--window takes ${[...names.keys()].join(", ")}, or LOW:HIGH in HU, got "${text}"`);
}

/** Center and width in HU, as viewers say them: "40,400". */
export function parseWindowLevel(text: string): CtWindow {
  const [centerHu, widthHu] = numbers(text, 2, "--wl");
  return { centerHu, widthHu };
}

/** A range of HU: "-1000:400". Its older spelling, "-1000,400", says the same. */
export function parseHuRange(text: string): HuWindow {
  const [lowHu, highHu] = numbers(text.replace(":", ","), 2, "--window");
  if (lowHu < highHu) return { lowHu, highHu };
  throw new UsageError(`--window takes LOW:HIGH with LOW below HIGH, got "${text}"`);
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
