import { refused } from "./fail.js";

/**
 * A mask that cuts the volume. Samples outside all masks that hide are not drawn; samples outside all masks
 * that dim are drawn weakly: with a fifth of their opacity or weight, in a maximum projection with a fifth of
 * their height above air; a minimum projection leaves them out. Plain data.
 */
export interface MaskCut {
  readonly mask: string;
  readonly outside: "hide" | "dim";
}

/** @throws HounsfieldError `invalid-option` */
export function checkCuts(cuts: readonly MaskCut[]): void {
  for (const cut of cuts) {
    if (typeof cut.mask === "string" && (cut.outside === "hide" || cut.outside === "dim")) continue;
    throw refused("cut", cut, `a mask's name, and outside "hide" or "dim"`);
  }
}
