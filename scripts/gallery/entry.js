// What an entry of the gallery is.

/** @typedef {import("./pictures.js").Picture} Picture */
/** @typedef {Awaited<ReturnType<typeof import("./scene.js").makeScene>>} Scene */

/** @typedef {readonly [caption: string, picture: Picture]} Panel */

/**
 * Pictures under their captions, and a table of facts, its header first.
 * @typedef {{ readonly panels?: readonly Panel[],
 * readonly facts?: readonly (readonly (string | number)[])[] }} Shown
 */

/**
 * An operation: what runs is printed as it stands, then what it made is shown.
 * @template Result
 * @typedef {{ readonly title: string, readonly exactness: string, readonly run: (scene: Scene) => Result,
 * readonly show: (result: Awaited<Result>, scene: Scene) => Shown | Promise<Shown> }} Entry
 */

/**
 * An entry whose results the page does not look into.
 * @typedef {{ readonly title: string, readonly exactness: string, readonly run: (scene: Scene) => unknown,
 * readonly shownOf: (scene: Scene) => Promise<Shown> }} AnyEntry
 */

/**
 * Checks that `show` takes what `run` gives.
 * @template Result
 * @param {Entry<Result>} entry
 * @returns {AnyEntry}
 */
export function entry({ show, ...described }) {
  return { ...described, shownOf: async (scene) => show(await described.run(scene), scene) };
}

/**
 * @param {string} caption
 * @param {Picture} picture
 * @returns {Panel}
 */
export function panel(caption, picture) {
  return [caption, picture];
}
