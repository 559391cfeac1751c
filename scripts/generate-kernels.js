// Turns shaders/**/*.wgsl into src/engine/kernels.generated.ts: the expanded source of each module, and the layout that
// host code needs (binding numbers, uniform offsets, workgroup size), read from the WGSL itself so that neither is typed twice.
//
//   node scripts/generate-kernels.js          writes the file
//   node scripts/generate-kernels.js --check  exits 1 when the file is stale
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const shaders = join(root, "shaders");
const target = join(root, "src/engine/kernels.generated.ts");

function wgslFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "common" ? [] : wgslFiles(path);
      return entry.name.endsWith(".wgsl") ? [path] : [];
    });
}

/** Textual includes, each file once, no conditionals: `// #include "common/volume.wgsl"`. */
function expand(path, seen = new Set()) {
  return readFileSync(path, "utf8").replace(/^\/\/ #include "(.+)"$/gm, (_, name) => {
    if (seen.has(name)) return "";
    seen.add(name);
    return expand(join(shaders, name), seen).trim();
  });
}

/** Comments cost bytes in a page and say nothing to a compiler. */
function strip(code) {
  return code
    .replace(/\/\/.*$/gm, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/^[ \t]+/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
}

function describe(path) {
  const code = expand(path);
  const where = relative(root, path);
  const fail = (message) => {
    throw new Error(`${where}: ${message}`);
  };
  const reflected = new WgslReflect(code);
  const bindings = {};
  const resources = [
    ...reflected.storage.map((r) => [r, r.access === "read" ? "read-only-storage" : "storage"]),
    ...reflected.textures.map((r) => [r, r.type.name]),
    ...reflected.samplers.map((r) => [r, "sampler"]),
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
        uniform.members.map((m) => {
          const type = m.type.format ? `${m.type.name}<${m.type.format.name}>` : m.type.name;
          return [m.name, { offset: m.offset, type }];
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
  const size = compute[0]?.attributes.find((a) => a.name === "workgroup_size")?.value;
  const workgroupSize = size && [0, 1, 2].map((i) => Number([size].flat()[i] ?? 1));
  if (workgroupSize?.some(Number.isNaN)) fail("the workgroup size must be literal");
  return {
    // What a view runs in its frames is no engine's pass.
    kind: compute.length === 0 ? "render" : where.startsWith("shaders/render/frame/") ? "frame" : "pass",
    name: basename(path, ".wgsl"),
    code: strip(code),
    workgroupSize,
    bindings,
    params,
  };
}

export function generate() {
  const modules = wgslFiles(shaders).map(describe);
  const table = (list) =>
    list
      .map(({ name, code, workgroupSize, bindings, params }) => {
        const group = workgroupSize ? `    workgroupSize: ${JSON.stringify(workgroupSize)},\n` : "";
        return `  ${name}: {\n${group}    bindings: ${JSON.stringify(bindings)},\n    params: ${JSON.stringify(params)},\n    code: ${JSON.stringify(code)},\n  },`;
      })
      .join("\n");
  return `// Generated from shaders/ by scripts/generate-kernels.js. Do not edit.

export const kernels = {
${table(modules.filter((m) => m.kind === "pass"))}
} as const;

export const frameKernels = {
${table(modules.filter((m) => m.kind === "frame"))}
} as const;

export const renderModules = {
${table(modules.filter((m) => m.kind === "render"))}
} as const;
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = generate();
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text) {
    console.error("src/engine/kernels.generated.ts is stale: run `node scripts/generate-kernels.js`");
    process.exit(1);
  }
}
