import { invalidOption } from "../../core/options.js";
import { checkMask } from "../../volume/check_argument.js";
import type { Masks } from "../texture/label_texture.js";

/**
 * Gives them back.
 * @throws HounsfieldError `invalid-option` for what are no masks by their names, `destroyed` for masks that
 * are
 */
export function checkMasks<T extends Masks | undefined>(of: string, masks: T): T {
  if (masks === undefined) return masks;
  const accepted = "masks by their names: { lungs: mask }";
  if (typeof masks !== "object" || masks === null || Array.isArray(masks))
    throw invalidOption(of, "masks", masks, accepted);
  for (const [name, mask] of Object.entries(masks)) checkMask(of, mask, `masks.${name}`);
  return masks;
}

export function isView(view: unknown): boolean {
  return hasKeys(view, ["state", "set", "on"]);
}

/** @throws HounsfieldError `invalid-option` for what is no view */
export function checkView(of: string, view: unknown): void {
  if (!isView(view)) throw invalidOption(of, "view", view, "a view, as createView gives it");
}

function hasKeys(value: unknown, keys: readonly string[]): boolean {
  return typeof value === "object" && value !== null && keys.every((key) => key in value);
}
