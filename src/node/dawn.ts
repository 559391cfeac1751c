import { constants } from "node:os";
import { HounsfieldError } from "../core/errors.js";
import { findSwiftShader } from "./swiftshader.js";

export interface DawnChoice {
  readonly gpu: GPU;
  /** True where only a software adapter was found, or asked for. */
  readonly software: boolean;
}

const install =
  "install a Vulkan driver for your GPU (on Debian: mesa-vulkan-drivers), or the software adapter (Linux x64): npm install @sparticuz/chromium@147.0.0";

/**
 * WebGPU for Node, by Dawn (package `webgpu`): the machine's own adapter where it has one, else SwiftShader.
 * Throws `no-gpu` with what to install.
 */
export async function findGpu(options: { software?: boolean } = {}): Promise<DawnChoice> {
  if (!options.software) {
    const gpu = await createDawn([]);
    if (await hasAdapter(gpu, false)) return { gpu, software: false };
  }
  const found = findSwiftShader();
  if (!found) throw new HounsfieldError("no-gpu", `no WebGPU adapter is available; ${install}`);
  process.env.VK_ICD_FILENAMES = found.manifest;
  keepLoaderResident(found.loader);
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
  const { create } = await import("webgpu").catch((cause) => {
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

/**
 * Loads libvulkan into the process before Dawn looks for it by name. It is no Node addon, so dlopen throws; RTLD_NODELETE keeps
 * it loaded all the same. Where the system has a loader of its own, that one is found first and this changes nothing.
 */
function keepLoaderResident(loader: string): void {
  const noDelete = 0x1000;
  try {
    process.dlopen(
      { exports: {} },
      loader,
      constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | noDelete,
    );
  } catch {
    // "Module did not self-register": expected.
  }
}
