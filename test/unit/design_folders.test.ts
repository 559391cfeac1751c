import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mayImport } from "../support/layers.js";

// docs/design.md draws the house; a folder that is made, moved or renamed is drawn there too.

const root = join(import.meta.dirname, "../..");
const ignored = readFileSync(join(root, ".gitignore"), "utf8").split("\n");

/** A folder as the page draws it: a name, words that may name folders in it, and what it may import. */
interface DrawnFolder {
  readonly path: string;
  readonly words: string;
}

/** Lines indented by two are of `src/`; those indented further go on. */
function drawnFolders(): DrawnFolder[] {
  const page = readFileSync(join(root, "docs/design.md"), "utf8");
  const drawing = page.split("## The house\n```\n")[1].split("```")[0];
  const folders: { path: string; words: string }[] = [];
  for (const line of drawing.split("\n")) {
    const [, indent, name, words] = /^( {0,2})(\w+)\/(.*)$/.exec(line) ?? [];
    if (name) folders.push({ path: (indent ? "src/" : "") + name, words });
    else if (folders.length > 0) folders[folders.length - 1].words += ` ${line.trim()}`;
  }
  return folders;
}

/** Folders in one, without those that are built or hidden. */
function foldersIn(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .filter((name) => !ignored.includes(`${path && `${path}/`}${name}/`))
    .sort();
}

const drawn = drawnFolders();
const namedIn = ({ words }: DrawnFolder) =>
  [...words.matchAll(/(?<![\w/.])(\w+)\//g)].map(([, name]) => name);

test("every folder of the repository and of src is drawn", () => {
  const built = ["dist"];
  const top = drawn.map(({ path }) => path).filter((path) => !path.startsWith("src/"));
  expect(top.filter((path) => !built.includes(path)).sort()).toEqual(foldersIn(""));
  const rooms = drawn.filter(({ path }) => path.startsWith("src/"));
  expect(rooms.map(({ path }) => path.slice("src/".length)).sort()).toEqual(foldersIn("src"));
});

const whole = ["shaders", "wasm", "test", "scripts", "docs"];

test.each(drawn.filter(({ path }) => whole.includes(path) || path.startsWith("src/")))(
  "the folders in $path are named",
  (folder) => {
    const others = drawn.map(({ path }) => path.split("/").pop() ?? "");
    const own = foldersIn(folder.path);
    const named = namedIn(folder).filter((name) => own.includes(name) || !others.includes(name));
    expect([...new Set(named)].sort()).toEqual(own);
  },
);

test("what a folder of src may import is what the rule of layers lets it", () => {
  const rooms = Object.keys(mayImport);
  const stated = drawn.flatMap(({ path, words }) => {
    const [, list] = / {2,}([a-z]+(?: [a-z]+)*)$/.exec(words) ?? [];
    const names = list?.split(" ") ?? [];
    return names.length > 0 && names.every((name) => rooms.includes(name)) ? [{ path, names }] : [];
  });
  expect(stated.length).toBeGreaterThan(5);
  for (const { path, names } of stated) {
    const room = path.slice("src/".length);
    const inside = rooms.filter((name) => name === room || name.startsWith(`${room}/`));
    const allowed = inside.flatMap((name) => mayImport[name]).map((name) => name.split("/")[0]);
    const others = [...new Set(allowed)].filter((name) => name !== room);
    expect(others.sort(), path).toEqual([...names].sort());
  }
});
