// The page: for each operation the code that ran, its exactness, and what it changed.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pngOf } from "./pictures.js";

/** @typedef {import("./entry.js").AnyEntry & import("./entry.js").Shown} ShownEntry */
/** @typedef {{ readonly title: string, readonly entries: readonly ShownEntry[] }} Section */
/** @typedef {ReadonlyMap<string, string>} Documented files by operation */
/** @typedef {import("./pictures.js").Picture} Picture */
/** @typedef {(name: string, picture: Picture) => { src: string, width: number, height: number }} Place */

/**
 * Operations by name, and the files that tell about them, as seen from docs/.
 * @param {string} root
 */
export function documentedOperations(root) {
  const index = readFileSync(`${root}/src/ops/index.ts`, "utf8");
  const files = new Map([["lungMask", "lung-mask.md"]]);
  for (const [, names, path] of index.matchAll(/export \{([^}]*)\} from "\.\/([^"]+)\.js"/g)) {
    for (const name of names.split(",").map((part) => part.trim())) {
      if (name && !name.startsWith("type ")) files.set(name, `../src/ops/${path}.ts`);
    }
  }
  return files;
}

/**
 * The body of an entry's `run`, as it stands in its file.
 * @param {import("./entry.js").AnyEntry["run"]} run
 */
export function codeOf(run) {
  const text = run.toString();
  const body = text.slice(text.indexOf("=>") + 2).trim();
  const lines = (
    body.startsWith("{")
      ? body
          .slice(1, -1)
          .replace(/^\s*\n/, "")
          .trimEnd()
      : body
  ).split("\n");
  const indented = body.startsWith("{") ? lines : lines.slice(1);
  const margin = Math.min(...indented.filter(Boolean).map((line) => line.search(/\S/)), 40);
  return lines.map((line) => (indented.includes(line) ? line.slice(margin) : line)).join("\n");
}

/**
 * Names of `documented` that an entry's code calls, in the order of the calls.
 * @param {string} code
 * @param {Documented} documented
 */
export function operationsIn(code, documented) {
  const called = [...code.matchAll(/\b([a-zA-Z]+)\(/g)].map(([, name]) => name);
  return [...new Set(called)].filter((name) => documented.has(name));
}

/**
 * Markdown and pictures by file name.
 * @param {string} intro
 * @param {readonly Section[]} sections
 * @param {Documented} documented
 */
export function pageOf(intro, sections, documented) {
  const pictures = new Map();
  const nameOfPixels = new Map();
  /** @type {Place} */
  const place = (name, picture) => {
    const { width, height, rgb } = picture;
    const key = createHash("sha256").update(`${width} x ${height}`).update(rgb).digest("hex");
    if (!nameOfPixels.has(key)) {
      nameOfPixels.set(key, name);
      pictures.set(name, pngOf(picture));
    }
    return { src: `gallery/${nameOfPixels.get(key)}`, width, height };
  };
  const parts = [intro, contents(sections)];
  for (const { title, entries } of sections) {
    parts.push(`## ${title}`);
    for (const entry of entries) parts.push(entryText(entry, place, documented));
  }
  return { markdown: `${parts.join("\n\n")}\n`, pictures };
}

/** @param {readonly Section[]} sections */
function contents(sections) {
  /** @param {{ readonly title: string }} titled */
  const link = ({ title }) => `[${title}](#${slugOf(title)})`;
  return sections.map((section) => `- ${link(section)}: ${section.entries.map(link).join(", ")}`).join("\n");
}

/** @param {ShownEntry} entry @param {Place} place @param {Documented} documented */
function entryText({ title, run, exactness, panels = [], facts = [] }, place, documented) {
  const code = codeOf(run);
  const links = operationsIn(code, documented).map((name) => `[\`${name}\`](${documented.get(name)})`);
  const text = [`### ${title}`, `\`\`\`js\n${code}\n\`\`\``, `${exactness} ${links.join(", ")}`];
  for (let i = 0; i < panels.length; i += 3) {
    const row = panels.slice(i, i + 3);
    const images = row.map(([caption, picture], n) => {
      const { src, width, height } = place(`${slugOf(title)}-${i + n + 1}.png`, picture);
      return `<img src="${src}" alt="${caption.replaceAll("`", "")}" width="${width}" height="${height}">`;
    });
    text.push(tableText([row.map(([caption]) => caption), images]));
  }
  if (facts.length > 0) text.push(tableText(facts));
  return text.join("\n\n");
}

/** @param {readonly (readonly (string | number)[])[]} rows the header first */
function tableText([header, ...rows]) {
  /** @param {readonly (string | number)[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * As GitHub makes anchors of headings.
 * @param {string} title
 */
function slugOf(title) {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}
