import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const readText = (path: string) => readFileSync(join(root, path), "utf8");
const examples = readdirSync(join(root, "examples"));

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (path: string): Manifest => JSON.parse(readText(path));
const tools = readManifest("test/package/package.json").devDependencies ?? {};

describe.each(examples)("examples/%s", (name) => {
  const files = readdirSync(join(root, "examples", name), { recursive: true, encoding: "utf8" });

  test("no file has 60 lines", () => {
    for (const file of files.filter((path) => /\.(html|[jt]sx?)$/.test(path)))
      expect(readText(`examples/${name}/${file}`).trimEnd().split("\n").length, file).toBeLessThan(60);
  });

  test("asks for the library as it is, and for the tools that test/package tests it with", () => {
    if (!files.includes("package.json")) return;
    const { dependencies = {}, devDependencies = {} } = readManifest(`examples/${name}/package.json`);
    const { hounsfield, ...others } = { ...dependencies, ...devDependencies };
    expect(hounsfield).toBe(`^${readManifest("package.json").version}`);
    for (const [tool, range] of Object.entries(others)) expect(range, tool).toBe(`^${tools[tool]}`);
  });
});

test("docs/embedding.md names the versions that are tested", () => {
  const rows = readText("docs/embedding.md").matchAll(/^\| (\w+(?: \d+)?)[^|]* \| ([\d.]+) \|/gm);
  const named = [...rows].map(([, tool, version]) => [tool.toLowerCase().replace(" ", ""), version]);
  const tested = ["vite", "vite7", "webpack", "next", "react", "parcel", "esbuild", "rollup"];
  // An older version of a tool is installed under a name of its own.
  expect(named).toEqual(tested.map((tool) => [tool, tools[tool].replace(/^npm:.*@/, "")]));
});
