import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { carriedCompiler, describeSetting, nativeCompiler, type Setting } from "../support/compilers.js";
import { namesBeyondExports } from "../support/reached_names.js";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("the public surface is what api/hounsfield.api.md says; after a change on purpose: npm run api", () => {
  expect(read("out/api/hounsfield.api.md")).toBe(read("api/hounsfield.api.md"));
});

test("every type that an entry's signatures reach is among its exports", () => {
  const declarations = read("dist/types/hounsfield.d.ts");
  for (const entry of ["index", "dicom", "decode", "ops", "formats", "adapters", "cohort", "phantom"]) {
    const names = [...read(`dist/types/${entry}.d.ts`).matchAll(/^ {2}(?:type )?(\w+),$/gm)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(4);
    // How a class's or an interface's key for `using` is spelled.
    const spelled = ["dispose", "DisposeKey", "ownKey"];
    expect([
      entry,
      namesBeyondExports(declarations, names).filter((name) => !spelled.includes(name)),
    ]).toEqual([entry, []]);
  }
});

test("every public name has a docstring", () => {
  const declarations = read("dist/types/hounsfield.d.ts");
  const bare = [
    ...declarations.matchAll(
      /(?<!\*\/\n)^export declare (?:abstract )?(?:type|interface|class|const|function) (\w+)/gm,
    ),
  ];
  expect(bare.map(([, name]) => name)).toEqual([]);
});

test("what is internal is not in the package's types", () => {
  const declarations = read("dist/types/hounsfield.d.ts");
  expect(declarations).not.toMatch(
    /@internal|[kK]ernels\b|EngineBuffer|\bArrival\b|\bShares\b|withHistory|\bany\b(?=[;,)\]>|])/,
  );
  // What is reached but not named would swell them: 340 characters a public name, docstrings and all.
  const names = read("api/hounsfield.api.md").match(/^- /gm)?.length ?? 0;
  expect(declarations.length / names).toBeLessThan(400);
});

const folder = join(root, "out/consumers");

/** What the pages of the documents that a stranger copies from have around them. */
const AROUND = `declare const input: HTMLInputElement;
declare const canvas: HTMLCanvasElement;
declare const progress: HTMLProgressElement;
`;

/** A module for each piece of code that imports the package. */
function documented(): string[] {
  return ["README.md", "docs/embedding.md"].flatMap((page) => {
    if (!existsSync(join(root, page))) return [];
    const blocks = [...read(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    return blocks
      .filter((code) => /from "hounsfield/.test(code))
      .map((code, i) => {
        const file = join(folder, `${page.replace(/\W/g, "_")}_${i}.ts`);
        writeFileSync(file, `${code}\n${AROUND}`);
        return file;
      });
  });
}

describe("a consumer's compiler has nothing to complain of, its libraries checked", () => {
  let files: readonly string[];
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    symlinkSync(root, join(folder, "node_modules/hounsfield"));
    const surface = join(folder, "surface.ts");
    writeFileSync(surface, read("test/types/surface.ts"));
    files = [surface, ...documented()];
    expect(files.length).toBeGreaterThan(1);
  });

  const [page, node] = [[], ["node"]];
  const [pageAndGpu, nodeAndGpu] = [["@webgpu/types"], ["node", "@webgpu/types"]];
  /** Each pair of values of two settings occurs; a compiler takes seconds for one. */
  const settings: Setting[] = [
    { moduleResolution: "bundler", types: page, exactOptionalPropertyTypes: true },
    { moduleResolution: "nodenext", types: node, exactOptionalPropertyTypes: true },
    { moduleResolution: "bundler", types: nodeAndGpu, exactOptionalPropertyTypes: false },
    { moduleResolution: "nodenext", types: pageAndGpu, exactOptionalPropertyTypes: false },
  ];

  describe.each(["5.4", "5.9", "6"])("TypeScript %s", (version) => {
    const compiler = carriedCompiler(`ts-morph-${version}`);
    test.each(settings.map((setting) => [describeSetting(setting), setting] as const))("%s", (_, setting) => {
      expect(compiler.version.startsWith(version)).toBe(true);
      expect(compiler.compile(files, setting)).toEqual([]);
    });
  });

  test.each(settings.map((setting) => [describeSetting(setting), setting] as const))(
    "TypeScript 7 %s",
    (_, setting) => {
      expect(nativeCompiler(join(folder, "project"))(files, setting)).toEqual([]);
    },
  );
});

test("publint and attw find nothing to complain of in the packed package", () => {
  mkdirSync(folder, { recursive: true });
  const command = (name: string, ...args: string[]) =>
    spawnSync(join(root, "node_modules/.bin", name), args, { cwd: root, encoding: "utf8" });
  const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const tarball = join(folder, JSON.parse(packed.stdout)[0].filename);
  const publint = command("publint", "run", tarball, "--strict");
  expect([publint.status, publint.stdout]).toEqual([0, expect.stringContaining("All good!")]);
  // Only ES modules are shipped, to resolvers that know "exports".
  const attw = command("attw", tarball, "--profile", "esm-only");
  expect([attw.status, attw.stdout]).toEqual([0, expect.stringContaining("hounsfield")]);
});
