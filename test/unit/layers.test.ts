import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { mayImport } from "../support/layers.js";

/** The room of a file: the deepest folder that has a rule. */
function roomOf(file: string): string {
  const parts = file.split("/");
  for (let depth = parts.length - 1; depth > 0; depth--) {
    const folder = parts.slice(0, depth).join("/");
    if (folder in mayImport) return folder;
  }
  return parts[0];
}

/**
 * Whether `room` may import `target`: itself, its own folders of no rule, or what its rule (or that of a
 * folder around the target) names.
 */
function mayUse(room: string, target: string): boolean {
  const allowed = mayImport[room];
  if (room === target || allowed.includes("*") || allowed.includes(target)) return true;
  if (allowed.includes(`${target.slice(0, target.lastIndexOf("/"))}/*`)) return true;
  const outer = target.split("/")[0];
  return outer !== room.split("/")[0] && allowed.includes(outer);
}

const source = join(import.meta.dirname, "../../src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path]) =>
    relative(source, join(source, file, "..", path)),
  );
}

test("every folder of src has its place in the house", () => {
  expect(files.length).toBeGreaterThan(20);
  const rooms = new Set(files.map(roomOf));
  expect([...rooms].filter((room) => !(room in mayImport))).toEqual([]);
  // A folder with rooms keeps no file beside them that has no rule of its own.
  expect(Object.keys(mayImport).filter((room) => !rooms.has(room) && room !== "decode/wasm")).toEqual([]);
});

test("imports go downward only", () => {
  const upward = files.flatMap((file) =>
    importsOf(file)
      .filter((path) => !mayUse(roomOf(file), roomOf(path)))
      .map((path) => `${file} imports ${path}`),
  );
  expect(upward).toEqual([]);
});

test("only node/ touches Node, and only browser/ and render/ touch the page", () => {
  const strays = files.flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const node = !file.startsWith("node/") && /from "node:|\bprocess\./.test(text);
    const page =
      !/^(browser|render)\//.test(file) &&
      /\b(document|navigator)\.\w|\bwindow\.(add|remove|request|device)/.test(text);
    return node || page ? [file] : [];
  });
  expect(strays).toEqual([]);
});
