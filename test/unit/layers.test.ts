import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

/** The house, bottom up: what each folder of src may import, besides itself. docs/design.md draws it. */
const below = [
  "core",
  "dicom",
  "sources",
  "decode",
  "engine",
  "formats",
  "phantom",
  "volume",
  "ops",
  "recipes",
  "render",
  "cohort",
];
const mayImport: Record<string, readonly string[]> = {
  core: [],
  dicom: ["core"],
  sources: ["core", "dicom"],
  decode: ["core"],
  engine: ["core"],
  formats: ["core"],
  phantom: ["core"],
  volume: ["core", "dicom", "decode", "engine"],
  ops: ["core", "engine", "volume"],
  recipes: ["core", "dicom", "engine", "volume", "ops"],
  render: ["core", "engine", "volume", "ops"],
  cohort: ["core", "dicom", "formats", "volume", "ops", "recipes"],
  "index.ts": below,
  browser: [...below, "index.js"],
  node: [...below, "index.js"],
};

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
  const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
  expect([...folders].filter((folder) => !(folder in mayImport))).toEqual([]);
});

test("imports go downward only", () => {
  const upward = files.flatMap((file) => {
    const folder = file.split("/")[0];
    return importsOf(file)
      .map((path) => path.split("/")[0])
      .filter((target) => target !== folder && !(mayImport[folder] ?? []).includes(target))
      .map((target) => `${file} imports ${target}`);
  });
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
