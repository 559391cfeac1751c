// Turns shaders/**/*.wgsl into files of src/engine: the expanded source of each module, and the layout that
// host code needs (binding numbers, uniform offsets, workgroup size), read from the WGSL itself so that
// neither is typed twice. What every view needs (shaders/render) is apart from what is loaded when it is
// needed: by cuts, by volumes too large for the device, and by operations, two thirds of all.
//
//   node scripts/generate-kernels.js          writes the files
//   node scripts/generate-kernels.js --check  exits 1 when one is stale
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import { nameShortener } from "./shorten-names.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const shaders = join(root, "shaders");
const engine = join(root, "src/engine");

/** @param {string} folder @returns {string[]} */
function wgslFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "common" ? [] : wgslFiles(path);
      return entry.name.endsWith(".wgsl") ? [path] : [];
    });
}

/**
 * Textual includes, each file once, no conditionals: `// #include "common/volume.wgsl"`. Gives the text in
 * pieces, each from one file, in order: an include parts its includer's text in two.
 * @param {string} path
 * @param {Set<string>} [seen]
 */
function expand(path, seen = new Set()) {
  const [own, ...included] = readFileSync(path, "utf8").split(/^\/\/ #include "(.+)"$/m);
  const pieces = [own];
  for (let i = 0; i < included.length; i += 2) {
    const [name, rest] = included.slice(i, i + 2);
    if (!seen.has(name)) pieces.push(...expand(join(shaders, name), seen.add(name)));
    pieces.push(rest);
  }
  return pieces;
}

/**
 * Comments and spaces cost bytes in a page and say nothing to a compiler. Spaces round comparisons and behind
 * types stay: `>` and `=` must not become one.
 * @param {string} code
 */
function strip(code) {
  return (
    code
      .replace(/\/\/.*$/gm, "")
      .replace(/[ \t]+$/gm, "")
      .replace(/^[ \t]+/gm, "")
      .replace(/\n{2,}/g, "\n")
      .replace(/\s*([{}(),;:])\s*/g, "$1")
      // "a - -b" keeps its spaces: what follows is no operator.
      .replace(/(?<=[\w)\]]) ([+*/=-]|[=!+*|-]=|&&|\|\|) (?=[\w(.!])/g, "$1")
      .trim()
  );
}

/** @param {import("wgsl_reflect").VariableInfo} resource @param {string} type */
const pair = (resource, type) => /** @type {const} */ ([resource, type]);

/** @param {import("wgsl_reflect").TypeInfo} type `array` and `vec4` have a format, `u32` has none */
function typeName(type) {
  const { format } = /** @type {{ format?: import("wgsl_reflect").TypeInfo | null }} */ (type);
  return format ? `${type.name}<${format.name}>` : type.name;
}

/**
 * A module: its text in pieces, and what host code must know of it.
 * @typedef {ReturnType<typeof describe>} Module
 */

/** @typedef {Readonly<Record<string, readonly Module[]>>} Tables modules by the name of their table */

/** @param {string} path */
function describe(path) {
  const pieces = expand(path)
    .map(strip)
    .filter((piece) => piece !== "");
  const code = expand(path).join("\n");
  const where = relative(root, path);
  const fail = (/** @type {string} */ message) => {
    throw new Error(`${where}: ${message}`);
  };
  const reflected = new WgslReflect(code);
  /** @type {Record<string, { binding: number, type: string }>} */
  const bindings = {};
  const resources = [
    ...reflected.storage.map((r) => pair(r, r.access === "read" ? "read-only-storage" : "storage")),
    ...reflected.textures.map((r) => pair(r, r.type.name)),
    ...reflected.samplers.map((r) => pair(r, "sampler")),
  ];
  for (const [resource, type] of resources) {
    if (resource.group !== 0) fail(`${resource.name} is not in group 0`);
    bindings[resource.name] = { binding: resource.binding, type };
  }
  let params = { bytes: 0, fields: {} };
  for (const uniform of reflected.uniforms) {
    if (uniform.name !== "params" || uniform.binding !== 0) fail("the one uniform is `params` at binding 0");
    params = {
      bytes: uniform.size,
      fields: Object.fromEntries(
        (uniform.members ?? []).map((m) => {
          return [m.name, { offset: m.offset, type: typeName(m.type) }];
        }),
      ),
    };
  }
  const compute = reflected.entry.compute;
  const stages = [...reflected.entry.vertex, ...reflected.entry.fragment];
  if (compute.length && (compute.length > 1 || compute[0].name !== "main" || stages.length)) {
    fail("a kernel has one entry point, `main`");
  }
  if (!compute.length && !stages.length) fail("no entry point");
  const size = compute[0]?.attributes?.find((a) => a.name === "workgroup_size")?.value;
  const workgroupSize = size ? [0, 1, 2].map((i) => Number([size].flat()[i] ?? 1)) : undefined;
  if (workgroupSize?.some(Number.isNaN)) fail("the workgroup size must be literal");
  return {
    // What a view runs in its frames is no engine's pass.
    kind: compute.length === 0 ? "render" : where.startsWith("shaders/render/frame/") ? "frame" : "pass",
    name: basename(path, ".wgsl"),
    pieces,
    workgroupSize,
    bindings,
    params,
  };
}

/**
 * Text that several modules of a file have is in it once: most of what they share by includes.
 * @param {readonly Module[]} list
 */
function sharedTexts(list) {
  const counts = new Map();
  for (const piece of list.flatMap(({ pieces }) => [...new Set(pieces)])) {
    counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  // A short one costs more to name than to repeat.
  const shared = [...counts].filter(([piece, count]) => count > 1 && piece.length > 200);
  return new Map(shared.map(([piece], i) => [piece, `text${i}`]));
}

/** @param {readonly string[]} pieces @param {ReadonlyMap<string, string>} shared */
function codeOf(pieces, shared) {
  /** @type {string[]} */
  const own = [];
  const terms = [];
  const flush = () => {
    if (own.length > 0) terms.push(JSON.stringify(own.splice(0).join("\n")));
  };
  for (const piece of pieces) {
    const name = shared.get(piece);
    if (!name) own.push(piece);
    else {
      flush();
      terms.push(name);
    }
  }
  flush();
  return terms.length === 1 ? terms[0] : `[${terms.join(", ")}].join("\\n")`;
}

/** @param {readonly Module[]} list @param {ReadonlyMap<string, string>} shared */
function tableOf(list, shared) {
  return list
    .map(({ name, pieces, workgroupSize, bindings, params }) => {
      const group = workgroupSize ? `    workgroupSize: ${JSON.stringify(workgroupSize)},\n` : "";
      const code = pieces.length > 0 ? `    code: ${codeOf(pieces, shared)},\n` : "";
      return `  ${name}: {\n${group}    bindings: ${JSON.stringify(bindings)},\n    params: ${JSON.stringify(params)},\n${code}  },`;
    })
    .join("\n");
}

/**
 * The modules of each table with short names, the same in all files: views' first, which every page loads.
 * @param {Readonly<Record<string, Tables>>} files
 */
function withShortNames(files) {
  const modules = Object.values(files).flatMap((tables) => Object.values(tables).flat());
  const shorten = nameShortener(
    modules.map(({ pieces, bindings, params }) => ({
      code: pieces.join("\n"),
      kept: [...Object.keys(bindings), ...Object.keys(params.fields), "params"],
    })),
  );
  /** @param {Module} module @returns {Module} */
  const changed = (module) => ({ ...module, pieces: module.pieces.map(shorten) });
  /** @param {Tables} tables @returns {Tables} */
  const inTables = (tables) =>
    Object.fromEntries(Object.entries(tables).map(([name, list]) => [name, list.map(changed)]));
  return Object.fromEntries(Object.entries(files).map(([name, tables]) => [name, inTables(tables)]));
}

/** @param {Tables} tables */
function moduleOf(tables) {
  const shared = sharedTexts(Object.values(tables).flat());
  const texts = [...shared].map(([piece, name]) => `const ${name} = ${JSON.stringify(piece)};\n`);
  const constants = Object.entries(tables).map(
    ([name, list]) => `export const ${name} = {\n${tableOf(list, shared)}\n} as const;\n`,
  );
  const head = "// Generated from shaders/ by scripts/generate-kernels.js. Do not edit.\n";
  return [head, texts.join(""), ...constants].join("\n");
}

/** Text by file name. */
function generate() {
  const paths = wgslFiles(shaders);
  const folder = (/** @type {string} */ name) =>
    paths.filter((path) => path.startsWith(join(shaders, name, "/")));
  // Of masks, of a probe, and of volumes that are too large for the device.
  const kernelsOnDemand = [
    ...folder("render/masks"),
    ...folder("render/probe"),
    ...folder("render/downsample"),
  ];
  const onDemand = [...folder("render/mpr"), ...folder("render/rays"), ...kernelsOnDemand];
  const rays = folder("render/rays").map(describe);
  const views = folder("render")
    .filter((path) => !onDemand.includes(path))
    .map(describe);
  const operations = paths.filter((path) => !folder("render").includes(path)).map(describe);
  const files = withShortNames({
    "kernels.generated.ts": {
      viewKernels: views.filter(({ kind }) => kind === "pass"),
      frameKernels: views.filter(({ kind }) => kind === "frame"),
      renderModules: views.filter(({ kind }) => kind === "render"),
      // What rays of any projection are given; all but maxima have their code on demand.
      rayLayouts: rays
        .filter(({ name }) => name === "project_dvr")
        .map((module) => ({ ...module, pieces: [] })),
    },
    "mpr_modules.generated.ts": { mprModules: folder("render/mpr").map(describe) },
    "ray_modules.generated.ts": { rayModules: rays },
    "on_demand_kernels.generated.ts": { onDemandKernels: kernelsOnDemand.map(describe) },
    "operation_kernels.generated.ts": { operationKernels: operations },
  });
  return Object.fromEntries(Object.entries(files).map(([name, tables]) => [name, moduleOf(tables)]));
}

for (const [name, text] of Object.entries(generate())) {
  const target = join(engine, name);
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error(`src/engine/${name} is stale: run \`node scripts/generate-kernels.js\``);
    process.exitCode = 1;
  }
}
