// @ts-check
// Names that shaders declare, cut to one or two letters in what a page loads: a tenth of a view's shaders as
// they are sent. The sources in shaders/ keep their names; a compiler needs none.

/**
 * One short name for each name that the modules declare, the same in all of them, so that text which modules
 * share stays shared. The most frequent get the shortest.
 *
 * @param {readonly { code: string, kept: readonly string[] }[]} modules code without comments, and the names
 *   that the host knows: bindings, and members of the uniform
 * @returns {(code: string) => string}
 */
export function nameShortener(modules) {
  const kept = new Set(modules.flatMap((module) => [...module.kept, ...fixedWords(module.code)]));
  for (const { code } of modules) for (const name of builtinsCalled(code)) kept.add(name);
  const counts = new Map();
  for (const { code } of modules) {
    const declared = declaredNames(code);
    for (const word of wordsOf(code)) {
      if (declared.has(word) && !kept.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  // A word of two letters gains nothing, and may be a swizzle elsewhere.
  const wanted = [...counts].filter(([word]) => word.length > 2).sort(byCountThenName);
  const taken = new Set(modules.flatMap(({ code }) => wordsOf(code)));
  const free = freeNames(taken);
  const shortOf = new Map(wanted.map(([word]) => [word, /** @type {string} */ (free.next().value)]));
  return (code) =>
    outsideAttributes(code, (text) => text.replace(/\b[a-z_]\w*\b/gi, (word) => shortOf.get(word) ?? word));
}

/** @type {(a: [string, number], b: [string, number]) => number} */
const byCountThenName = ([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1);

/** @param {string} code */
const wordsOf = (code) => code.match(/\b[a-z_]\w*\b/gi) ?? [];

const attribute = /@\w+(?:\s*\([^)]*\))?/g;

/**
 * `position` in `@builtin(position)` is the language's, and so is `read` in `var<storage, read>`; entry
 * points and overridable constants are known by their names.
 *
 * @param {string} code
 */
function fixedWords(code) {
  const entry = /@(?:vertex|fragment|compute)[^{;]*?\bfn\s+\w+|\boverride\s+\w+/g;
  return [attribute, /\bvar\s*<[^>]*>/g, entry].flatMap((place) =>
    (code.match(place) ?? []).flatMap(wordsOf),
  );
}

/** @type {(code: string, change: (text: string) => string) => string} */
function outsideAttributes(code, change) {
  let changed = "";
  let end = 0;
  for (const match of code.matchAll(attribute)) {
    changed += change(code.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return changed + change(code.slice(end));
}

/**
 * What is called but no function or type of the module: the language's own, which a variable elsewhere may be
 * named after.
 *
 * @param {string} code
 */
function builtinsCalled(code) {
  const own = new Set([...code.matchAll(/\b(?:fn|struct|alias)\s+(\w+)/g)].map(([, name]) => name));
  return [...code.matchAll(/\b([a-z_]\w*)\s*\(/gi)].map(([, name]) => name).filter((name) => !own.has(name));
}

/**
 * Functions, types, constants, variables, arguments and members.
 *
 * @param {string} code
 */
function declaredNames(code) {
  const patterns = [
    /\b(?:let|const|fn|struct|alias)\s+(\w+)/g,
    /\bvar\s*(?:<[^>]*>)?\s+(\w+)/g,
    /[({,;]\s*(?:@\w+\s*(?:\([^)]*\))?\s*)*(\w+)\s*:/g,
  ];
  return new Set(patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, name]) => name)));
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * a, b, ... aa, ab, ...: without swizzles, which stand where members stand, and words of the language.
 *
 * @param {ReadonlySet<string>} taken
 */
function* freeNames(taken) {
  const reserved = new Set(["as", "do", "fn", "if", "in", "is", "of", "or"]);
  for (let number = 0; ; number++) {
    let name = "";
    for (let rest = number; rest >= 0; rest = Math.floor(rest / letters.length) - 1)
      name = letters[rest % letters.length] + name;
    if (!taken.has(name) && !reserved.has(name) && !/^[xyzwrgba]{1,4}$/.test(name)) yield name;
  }
}
