// @ts-check
// Compiles the CPU kernels (wasm/ops, AssemblyScript) into src/engine/cpu/wasm/ops.generated.ts: one module,
// built twice, for memory of one thread and for shared memory (WASM does not let one build use both), and
// what the engine needs to call a body, read off its signature: parameters are the params and bindings of the
// WGSL kernel of that name, by name, so neither is ever typed twice. Fails where they differ.
//
//   /** ...  Split: z. */
//   export function NAME(columns: u32, hu: usize, mask: usize, from: u32, to: u32): void
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import asc from "assemblyscript/asc";
import { base85 } from "./base-85.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = "wasm/ops";
const output = "src/engine/cpu/wasm/ops.generated.ts";

const FLAGS = "-O3 --noAssert --runtime stub --enable simd --enable threads --importMemory".split(" ");
const PLAIN = "--use SHARED=0".split(" ");
const SHARED = "--use SHARED=1 --sharedMemory --maximumMemory 65536".split(" ");
const SPLITS = ["x", "y", "z", "line", "whole"];

/** Brings the module up to date; resolves to the paths that were written. */
export async function buildOps() {
  const files = await sources();
  const kernels = await readFile(path.join(root, "src/engine/operation_kernels.generated.ts"), "utf8");
  const hash = createHash("sha256").update(FLAGS.join(" ") + SHARED.join(" ") + asc.version + GENERATED);
  for (const { name, text } of files) hash.update(name).update(text);
  hash.update(interfaceOf(kernels)).update(moduleText.toString()).update(base85.toString());
  const digest = hash.digest("hex");
  const present = await readFile(path.join(root, output), "utf8").catch(() => "");
  if (present.includes(digest)) return [];
  const signatures = signaturesOf(files, kernels);
  const entry = files
    .filter(({ name }) => !name.startsWith("common/"))
    .map(({ name }) => `export * from "./${name.slice(0, -3)}";`);
  const plain = await compile(entry.join("\n"), PLAIN);
  const shared = await compile(entry.join("\n"), SHARED);
  await mkdir(path.dirname(path.join(root, output)), { recursive: true });
  await writeFile(path.join(root, output), moduleText(digest, signatures, plain, shared));
  return [output];
}

async function sources() {
  const names = await readdir(path.join(root, folder), { recursive: true });
  const files = names
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts"))
    .sort();
  return Promise.all(
    files.map(async (name) => ({ name, text: await readFile(path.join(root, folder, name), "utf8") })),
  );
}

/** The parts of the generated kernels that signatures depend on: names, not code. */
function interfaceOf(/** @type {string} */ kernels) {
  return kernels
    .split("\n")
    .filter((line) => !/^( {4}code:|const text)/.test(line))
    .join("\n");
}

/** Names that a kernel's body may take, by kernel. */
function namesOfKernels(/** @type {string} */ kernels) {
  /** @type {Map<string, Set<string>>} */
  const names = new Map();
  const pattern = /^ {2}(\w+): \{\n.*\n {4}bindings: (\{.*\}),\n {4}params: (\{.*\}),$/gm;
  for (const [, name, bindings, params] of kernels.matchAll(pattern)) {
    names.set(
      name,
      new Set([...Object.keys(JSON.parse(bindings)), ...Object.keys(JSON.parse(params).fields)]),
    );
  }
  return names;
}

/** @param {{ name: string, text: string }[]} files */
function signaturesOf(files, /** @type {string} */ kernels) {
  const known = namesOfKernels(kernels);
  /** @type {Record<string, { split: string, parameters: string[], scratch?: string[] }>} */
  const signatures = {};
  for (const { name, text } of files) {
    if (name.startsWith("common/")) continue;
    const kernel = path.basename(name, ".ts");
    /** @param {string} message */
    const fail = (message) => {
      throw new Error(`${folder}/${name}: ${message}`);
    };
    const accepted = known.get(kernel) ?? fail(`no WGSL kernel is called ${kernel}`);
    const split = /\bSplit: (\w+)\./.exec(text)?.[1] ?? "";
    if (!SPLITS.includes(split)) fail(`its comment says no "Split: ${SPLITS.join(" | ")}."`);
    const parameters = parametersOf(text, kernel) ?? fail(`exports no function ${kernel}`);
    const scratch = parametersOf(text, `${kernel}_scratch`);
    for (const parameter of [...parameters, ...(scratch ?? [])]) {
      if (!accepted.has(parameter) && !["from", "to", "scratch"].includes(parameter)) {
        fail(`${parameter} is neither a param nor a binding of its WGSL: ${[...accepted].join(", ")}`);
      }
    }
    if (parameters.includes("scratch") !== (scratch !== undefined))
      fail(`takes scratch without ${kernel}_scratch, or has that in vain`);
    signatures[kernel] = { split, parameters, ...(scratch ? { scratch } : {}) };
  }
  return signatures;
}

/** @param {string} text @param {string} name */
function parametersOf(text, name) {
  const list = new RegExp(`export function ${name}\\(([^)]*)\\)`).exec(text)?.[1];
  return list
    ?.split(",")
    .map((parameter) => parameter.split(":")[0].trim())
    .filter(Boolean);
}

/** @param {string} entry @param {string[]} flags @returns {Promise<Uint8Array>} */
async function compile(entry, flags) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    ["wasm/ops/all.ts", "--baseDir", root, "--outFile", "out.wasm", ...FLAGS, ...flags],
    {
      readFile: async (name, base) =>
        name.replaceAll("\\", "/") === "wasm/ops/all.ts"
          ? entry
          : readFile(path.join(base ?? root, name), "utf8").catch(() => null),
      writeFile(name, contents) {
        if (name === "out.wasm" && typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error || !binary)
    throw new Error(`${folder} did not compile: ${error?.message ?? ""}\n${stderr.toString()}`);
  // Threads share the memory: a body has no place in it of its own.
  if (hasSection(binary, 11)) throw new Error(`${folder}: a body has static data; tables come from the host`);
  return binary;
}

/**
 * Walks the sections of a WASM binary (WebAssembly core specification, 5.5.2). @param {Uint8Array} binary
 * @param {number} id
 */
function hasSection(binary, id) {
  for (let at = 8; at < binary.length; ) {
    const section = binary[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (section === id) return true;
    at += size;
  }
  return false;
}

const GENERATED = `
/** For memory of one thread, or for shared memory: WASM lets no build use both. */
export function compileBodies(shared: boolean): Promise<WebAssembly.Module> {
  return compileDeflatedWasm(shared ? SHARED : PLAIN);
}
`;

/** As compileDeflatedWasm takes it: text keeps a server from compressing it. @param {Uint8Array} wasm */
function deflated(wasm) {
  return base85(deflateSync(wasm, { level: 9 }));
}

/** @param {string} digest @param {object} signatures @param {Uint8Array} plain @param {Uint8Array} shared */
function moduleText(digest, signatures, plain, shared) {
  return [
    "// Generated by scripts/build-ops.js from wasm/ops; do not edit.",
    `// sources ${digest}`,
    'import { compileDeflatedWasm } from "../../../core/compile_deflated_wasm.js";',
    'import type { CpuKernel } from "../kernel_calls.js";',
    'import type { KernelName } from "../../engine.js";',
    `export const cpuKernels: Partial<Readonly<Record<KernelName, CpuKernel>>> = ${JSON.stringify(signatures)};`,
    `const PLAIN = "${deflated(plain)}";`,
    `const SHARED = "${deflated(shared)}";`,
    GENERATED,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = await buildOps();
  console.log(written.length > 0 ? `wrote ${written.join(", ")}` : "the CPU kernels are up to date");
}
