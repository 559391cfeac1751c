import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

// CONTRIBUTING, "Style": one spelling for constants, for wasm/ and for files, named by file and line.

const listed = (...patterns: string[]) =>
  execFileSync("git", ["ls-files", "--", ...patterns], { encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((file) => file !== "" && !/\.generated\.|\/fixtures\//.test(file));

/** Numbers, also computed ones, strings and patterns: what never changes and is no table of its own. */
const LITERAL =
  /^(?:export )?const (\w+)(?:: [^=]+)? = (?:-?[\d._]+(?:e-?\d+)?n?(?: [*/+-]+ [\w.]+)*|"[^"]*"|'[^']*'|`[^`$]*`|\/(?:[^/\\\n]|\\.)+\/[a-z]*)(?: as const)?;$/;

function faults(files: readonly string[], isFault: (line: string) => boolean): string[] {
  return files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, i) => (isFault(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

/** Public names follow the public style, which is camelCase for everything but types. */
function isPublicName(name: string): boolean {
  return new RegExp(`export const ${name}\\b`).test(readFileSync("api/hounsfield.api.md", "utf8"));
}

const isNamedConstant = (line: string) => {
  const name = LITERAL.exec(line)?.[1];
  return name !== undefined && !/^[A-Z][A-Z0-9_]*$/.test(name) && !isPublicName(name);
};

test("constants of a module are in CONSTANT_CASE", () => {
  const files = listed("src/**/*.ts", "test/**/*.ts", "scripts/**/*.js", "bench/**/*.js", "demo/*.ts");
  expect(files.length).toBeGreaterThan(1000);
  expect(faults(files, isNamedConstant)).toEqual([]);
  // The pattern sees what it is for.
  for (const line of [
    "const mostMl = 5;",
    'export const name = "x";',
    "const word = /a\\/b/i;",
    "const two = 2 ** 8;",
  ])
    expect(isNamedConstant(line), line).toBe(true);
  for (const line of [
    "const MOST_ML = 5;",
    "const made = make(5);",
    "  const inner = 5;",
    "const list = [5];",
  ])
    expect(isNamedConstant(line), line).toBe(false);
});

test("wasm/ is in snake_case, as the WGSL that it is the twin of; its constants in CONSTANT_CASE", () => {
  const files = listed("wasm/**/*.ts");
  expect(files.length).toBeGreaterThan(80);
  const isCamel = (line: string) => /\b(?:function|let|const) [a-z]+\d*[A-Z]\w*/.test(line);
  expect(faults(files, (line) => isCamel(line) || /^(?:export )?const [a-z]/.test(line))).toEqual([]);
});

test("files are called in snake_case, scripts and pages in kebab-case", () => {
  const modules = listed("src/**/*.ts", "wasm/**/*.ts", "test/**/*.ts", "demo/*.ts", "shaders/**");
  expect(modules.filter((file) => /[A-Z-]/.test(file.slice(file.lastIndexOf("/") + 1)))).toEqual([]);
  expect(listed("scripts/*.js").filter((file) => /[A-Z_]/.test(file.slice(8)))).toEqual([]);
});
