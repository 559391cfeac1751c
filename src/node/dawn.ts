import { existsSync, readdirSync } from "node:fs";
import { constants, homedir } from "node:os";
import { join } from "node:path";
import { HounsfieldError } from "../core/errors.js";
import { findSwiftShader } from "./swiftshader.js";

export interface DawnChoice {
  readonly gpu: GPU;
  /** True where it is a software adapter. */
  readonly software: boolean;
}

/** Adapters that a CPU plays (SwiftShader): correct, and tens of times slower than the CPU engine. Taken never, where there is no other, or even where there is. */
export type SoftwareAdapter = "never" | "fallback" | "only";

const install =
  "install a Vulkan driver for your GPU (on Debian: mesa-vulkan-drivers), or the software adapter (Linux x64: npm install @sparticuz/chromium@147.0.0), or use the CPU engine";

/** WebGPU for Node, by Dawn (package `webgpu`): the machine's own adapter, or SwiftShader. Throws `no-gpu` with what to install. */
export async function findGpu(software: SoftwareAdapter): Promise<DawnChoice> {
  const found = findSwiftShader();
  if (software !== "only" && mayHaveDriver()) {
    if (!loadVulkan("libvulkan.so.1") && found) loadVulkan(found.loader);
    const gpu = await createDawn([]);
    if (await hasAdapter(gpu, false)) return { gpu, software: false };
  }
  if (software === "never") throw new HounsfieldError("no-gpu", `no GPU was found; ${install}`);
  if (!loadVulkan("libvulkan.so.1") && found) loadVulkan(found.loader);
  if (!found) throw new HounsfieldError("no-gpu", `no WebGPU adapter is available; ${install}`);
  process.env.VK_ICD_FILENAMES = found.manifest;
  const gpu = await createDawn([]);
  if (await hasAdapter(gpu, true)) return { gpu, software: true };
  throw new HounsfieldError("no-gpu", `SwiftShader does not start on this machine; ${install}`);
}

/** A device-less Dawn that compiles and validates WGSL without any driver: for tests of shaders. */
export function nullGpu(): Promise<GPU> {
  return createDawn(["backend=null"]);
}

async function hasAdapter(gpu: GPU, softwareToo: boolean): Promise<boolean> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  return adapter !== null && (softwareToo || !adapter.info.isFallbackAdapter);
}

async function createDawn(flags: string[]): Promise<GPU> {
  // Only Node itself is to look for it: bundlers that follow it for a server meet an addon's binary, or a package that is not installed.
  const { create } = await import(
    /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ "webgpu"
  ).catch((cause) => {
    throw new HounsfieldError(
      "no-gpu",
      'the package "webgpu" is missing: npm install webgpu@0.6.2',
      {},
      cause,
    );
  });
  return keepForever(create(flags));
}

/** Dawn's object must stay reachable for the life of the process: once collected, the next event kills it (SIGSEGV). */
function keepForever(gpu: GPU): GPU {
  const key = Symbol.for("hounsfield.dawn");
  const registry = globalThis as { [key]?: GPU[] };
  registry[key] = [...(registry[key] ?? []), gpu];
  return gpu;
}

/** False on Linux machines without any Vulkan driver manifest: asking Dawn all the same makes it warn on stderr about what is normal there. */
function mayHaveDriver(): boolean {
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES, XDG_DATA_DIRS = "/usr/local/share:/usr/share" } = process.env;
  if (process.platform !== "linux" || VK_ICD_FILENAMES || VK_DRIVER_FILES) return true;
  const roots = [
    ...XDG_DATA_DIRS.split(":"),
    "/etc",
    "/usr/local/etc",
    "/usr/share",
    join(homedir(), ".local/share"),
  ];
  return roots.some((root) => {
    const folder = join(root, "vulkan/icd.d");
    return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".json"));
  });
}

/**
 * Loads a Vulkan loader into the process before Dawn looks for it by name, and tells whether there is one: the system's, or on Linux
 * machines without it the one that came with SwiftShader, which finds real drivers as well. It is no Node addon, so dlopen throws
 * either way; RTLD_NODELETE keeps it loaded all the same.
 */
function loadVulkan(library: string): boolean {
  if (process.platform !== "linux") return true;
  const noDelete = 0x1000;
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, library, RTLD_NOW | RTLD_GLOBAL | noDelete);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes("did not self-register");
  }
}
