import { HounsfieldError } from "../../core/errors.js";
import type { VoiFunctionName } from "../../core/voi_window.js";

/**
 * An interval of HU, or of the volume's units, as radiology names it: `centerHu - widthHu / 2` is shown
 * black, `centerHu + widthHu / 2` white.
 */
export interface CtWindow {
  readonly centerHu: number;
  readonly widthHu: number;
  /**
   * LINEAR_EXACT by default, which is what these words say; files have others (PS3.3 C.11.2.1.2, C.11.2.1.3).
   */
  readonly voiFunction?: VoiFunctionName;
}

/** The common windows of CT reading. */
export const windowPresets = {
  lung: { centerHu: -600, widthHu: 1500 },
  mediastinum: { centerHu: 50, widthHu: 350 },
  softTissue: { centerHu: 40, widthHu: 400 },
  /** Vessels with contrast medium. */
  vessels: { centerHu: 250, widthHu: 700 },
  bone: { centerHu: 400, widthHu: 1800 },
  /** All of a 12-bit scanner's range. */
  full: { centerHu: 1023.5, widthHu: 4095 },
} as const satisfies Readonly<Record<string, CtWindow>>;

/** The windows that have names. */
export type WindowPreset = keyof typeof windowPresets;

/** @throws HounsfieldError `invalid-option` for an unknown name or a width that is not above 0 */
export function resolveWindow(window: WindowPreset | CtWindow): CtWindow {
  const given: CtWindow = typeof window === "string" ? presetOf(window) : window;
  const { centerHu, widthHu, voiFunction } = given;
  if (!Number.isFinite(centerHu) || !(widthHu > 0 && widthHu < Number.POSITIVE_INFINITY)) {
    throw new HounsfieldError(
      "invalid-option",
      `window: got center ${centerHu} and width ${widthHu}, accepted a finite center and a width above 0`,
      { got: window, accepted: "width above 0" },
    );
  }
  return { centerHu, widthHu, ...(voiFunction && { voiFunction }) };
}

function presetOf(name: string): CtWindow {
  const names = Object.keys(windowPresets);
  if (names.includes(name)) return windowPresets[name as WindowPreset];
  throw new HounsfieldError("invalid-option", `window: got "${name}", accepted ${names.join(", ")}`, {
    got: name,
    accepted: names,
  });
}
