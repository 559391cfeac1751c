// @ts-check
// Writes docs/operations.md, where the parts of each operation are, and into each kernel's two bodies the
// line that says which sources run it. With --check only compares them, as `npm test` does.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(join(root, path), "utf8");

/** @param {string} folder @param {string} ending @returns {string[]} */
function filesUnder(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !name.includes(".generated."))
    .map((name) => join(folder, name))
    .sort();
}

const shaders = filesUnder("shaders", ".wgsl").filter((path) => !path.includes("/common/"));
const sources = new Map(filesUnder("src", ".ts").map((path) => [path, read(path)]));
const tests = filesUnder("test", ".test.ts").map((path) => /** @type {const} */ ([path, read(path)]));

/** Sources that name a kernel, whole or by the beginning of a template. @param {string} path */
function usersOf(path) {
  const name = basename(path, ".wgsl");
  const folder = path.startsWith("shaders/render/") ? "src/render/" : "src/ops/";
  const whole = new RegExp(`["\`.]${name}\\b`);
  return [...sources].flatMap(([source, text]) => {
    if (!source.startsWith(folder)) return [];
    const templates = [...text.matchAll(/`([a-z]+_)\$\{/g)].map(([, beginning]) => beginning);
    return whole.test(text) || templates.some((beginning) => name.startsWith(beginning)) ? [source] : [];
  });
}

/** Modules that a source imports for their values. @param {string} path */
function importsOf(path) {
  const text = (sources.get(path) ?? "").replace(/import type [^;]+;/g, "");
  const names = [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, name]) => name);
  return names
    .map((name) => normalize(join(dirname(path), `${name}.ts`)))
    .filter((name) => sources.has(name));
}

/** The operations by source: what src/ops/index.ts exports that is called. */
const operations = new Map(
  [...read("src/ops/index.ts").matchAll(/export \{([^}]*)\} from "\.\/([^"]+)\.js"/g)].flatMap(
    ([, list, module]) => {
      const names = list
        .split(",")
        .map((name) => name.trim())
        .filter((name) => /^[a-z]\w+$/.test(name));
      const path = `src/ops/${module}.ts`;
      return names.length > 0 && sources.has(path) ? [/** @type {const} */ ([path, names])] : [];
    },
  ),
);
const users = new Map(shaders.map((path) => [path, usersOf(path)]));

/** What a source runs by itself and its helpers, and the operations that it calls. @param {string} path */
function partsOf(path) {
  const seen = new Set([path]);
  /** @type {string[]} */
  const through = [];
  for (const module of seen) {
    for (const imported of importsOf(module).filter((name) => name.startsWith("src/ops/"))) {
      if (operations.has(imported)) through.push(imported);
      else seen.add(imported);
    }
  }
  const kernels = shaders.filter((shader) => users.get(shader)?.some((user) => seen.has(user)));
  return { kernels, through: [...new Set(through)] };
}

/** Tests named as a source, then others that import it. @param {string} path */
function testsOf(path) {
  const stem = basename(path, ".ts");
  const own = tests.filter(([test]) => basename(test).startsWith(`${stem}.`));
  const imported = tests.filter(([, text]) => text.includes(`${path.slice(0, -3)}.js"`));
  const found = own.length > 0 ? own : imported;
  return found.map(([test]) => test);
}

const link = (/** @type {string} */ path) => `[${basename(path).replace(/\.ts$|\.wgsl$/, "")}](../${path})`;

function page() {
  const rows = [...operations].map(([path, names]) => {
    const { kernels, through } = partsOf(path);
    const twin = `test/reference/${basename(path)}`;
    const runs = [...kernels.map(link), ...through.map((other) => `as ${link(other)}`)];
    const cells = [
      names.map((name) => `\`${name}\``).join(", "),
      `[${relative("src/ops", path)}](../${path})`,
      runs.join(", "),
      existsSync(join(root, twin)) ? link(twin) : "",
      testsOf(path)
        .map((test) => `[${basename(test).replace(/(\.gpu)?\.test\.ts$/, "")}](../${test})`)
        .join(", "),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return `# Where the parts of each operation are

Written by \`node scripts/operation-table.js\`; \`npm test\` compares it. A kernel's CPU body has its name and folder: \`shaders/mask/mask_count.wgsl\` is
\`wasm/ops/mask/mask_count.ts\`. Both begin with the sources that run it. Plain twins are in \`test/reference/\`; an operation without one is judged in its
test, by what it is defined to be.

| operations | source | kernels, and operations that it calls | plain twin | tests |
| --- | --- | --- | --- | --- |
${rows.sort().join("\n")}
`;
}

/**
 * A body with its line, in place of the one that it has. @param {string} path @param {readonly string[]} by
 */
function withUsers(path, by) {
  return `// Used by: ${by.join(", ")}\n${read(path).replace(/^\/\/ Used by: .*\n/, "")}`;
}

/** Text by path. */
function written() {
  const texts = new Map([["docs/operations.md", page()]]);
  for (const [shader, by] of users) {
    if (by.length === 0) throw new Error(`${shader}: no source runs it`);
    texts.set(shader, withUsers(shader, by));
    const body = shader.replace(/^shaders/, "wasm/ops").replace(/\.wgsl$/, ".ts");
    if (existsSync(join(root, body))) texts.set(body, withUsers(body, by));
  }
  return texts;
}

for (const [path, text] of written()) {
  const stale = !existsSync(join(root, path)) || read(path) !== text;
  if (!stale) continue;
  if (process.argv.includes("--check")) {
    console.error(`${path} is stale: run \`node scripts/operation-table.js\``);
    process.exitCode = 1;
  } else writeFileSync(join(root, path), text);
}
