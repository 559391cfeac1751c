// @ts-check
// Takes the comments out of the modules in dist/: a ninth of what they weigh packed, where the types carry
// the words that an editor shows and a bundler drops the rest. Those within a line stay: they tell bundlers
// things (`/* webpackIgnore: true */`, `/* @__PURE__ */`).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Comments that begin a line. Text in back quotes may have lines that look like one: a module with such is an
 * error, so that nobody's words are lost.
 *
 * @param {string} code
 */
export function withoutComments(code) {
  const comment = /^[ \t]*(?:\/\*\*[\s\S]*?\*\/|\/\/.*)\n/gm;
  for (const [text] of code.replace(comment, (match) => match.replaceAll("`", "")).matchAll(/`[^`]*`/g)) {
    comment.lastIndex = 0;
    if (comment.test(text)) throw new Error(`a text looks like a comment: ${text.slice(0, 200)}`);
  }
  return code.replace(comment, "");
}

/** @param {string} dist what bundlers make of it, in standalone/ and of the command line, has none anyway */
export function stripComments(dist) {
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".js") || file.startsWith("standalone")) continue;
    const code = readFileSync(join(dist, file), "utf8");
    writeFileSync(join(dist, file), withoutComments(code));
  }
}
