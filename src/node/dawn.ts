import { HounsfieldError } from "../core/errors.js";
import { describeAdapter } from "../engine/gpu/open_device.js";
import { findSwiftShader, type SwiftShader } from "./swiftshader.js";
import { loadVulkan, vulkanAdvice, vulkanSetup, withQuietDrivers } from "./vulkan.js";

export interface GpuChoice {
  readonly gpu: GPU;
  /** True where it is a software adapter. */
  readonly software: boolean;
}

/**
 * Adapters that a CPU plays (SwiftShader): correct, and tens of times slower than the CPU engine. Taken
 * never, where there is no other, or even where there is.
 */
export type SoftwareAdapter = "never" | "fallback" | "only";

const OTHERWISE =
  "without a GPU there are the software adapter (Linux x64: npm install webgpu@0.6.2 @sparticuz/chromium@147.0.0) and the CPU engine";

/**
 * WebGPU outside of a browser: the runtime's own (Deno with --unstable-webgpu), else Dawn's (package
 * `webgpu`), on the machine's own adapter or on SwiftShader.
 * @throws HounsfieldError `no-gpu` with what to install
 */
export async function findGpu(software: SoftwareAdapter): Promise<GpuChoice> {
  const own = await runtimeGpu(software);
  if (own) return own;
  const swiftShader = findSwiftShader();
  const setup = vulkanSetup();
  const isWorthAsking = process.platform !== "linux" || (setup.hasGpu && setup.drivers.length > 0);
  if (software !== "only" && isWorthAsking) {
    if (!loadVulkan("libvulkan.so.1") && swiftShader) loadVulkan(swiftShader.loader);
    const gpu = await createDawn([]);
    if (await withQuietDrivers(() => isUsable(gpu, false))) return { gpu, software: false };
  }
  if (software !== "never" && swiftShader)
    return { gpu: await startSwiftShader(swiftShader), software: true };
  const reason =
    process.platform === "linux" ? vulkanAdvice(setup) : "this machine has no GPU that WebGPU can use";
  throw new HounsfieldError("no-gpu", `no GPU was found: ${reason}; ${OTHERWISE}`);
}

/** A device-less Dawn that compiles and validates WGSL without any driver: for tests of shaders. */
export function nullGpu(): Promise<GPU> {
  return createDawn(["backend=null"]);
}

/** WebGPU that needs no package, where its adapter is of the kind that is wanted. */
async function runtimeGpu(software: SoftwareAdapter): Promise<GpuChoice | undefined> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  const gpu = navigator?.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!gpu || !adapter) return undefined;
  const isSoftware = describeAdapter(adapter).software;
  const isWanted = software === "fallback" || isSoftware === (software === "only");
  return isWanted ? { gpu, software: isSoftware } : undefined;
}

async function startSwiftShader({ loader, manifest }: SwiftShader): Promise<GPU> {
  if (!loadVulkan("libvulkan.so.1")) loadVulkan(loader);
  process.env.VK_ICD_FILENAMES = manifest;
  const gpu = await createDawn([]);
  if (await isUsable(gpu, true)) return gpu;
  const reason =
    "bun" in process.versions
      ? `Bun does not hand environment variables that are set at run time to drivers: start it with VK_ICD_FILENAMES=${manifest}`
      : "SwiftShader does not start on this machine; the CPU engine needs no driver";
  throw new HounsfieldError("no-gpu", `no GPU was found: ${reason}`);
}

async function isUsable(gpu: GPU, softwareToo: boolean): Promise<boolean> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  return adapter !== null && (softwareToo || !adapter.info.isFallbackAdapter);
}

async function createDawn(flags: string[]): Promise<GPU> {
  // Only Node itself is to look for it: bundlers that follow it for a server meet an addon's binary, or a
  // package that is not installed.
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
  try {
    return keepForever(create(flags));
  } catch (cause) {
    throw new HounsfieldError("no-gpu", 'the package "webgpu" does not start on this machine', {}, cause);
  }
}

/**
 * Dawn's object must stay reachable for the life of the process: once collected, the next event kills it
 * (SIGSEGV).
 */
function keepForever(gpu: GPU): GPU {
  const key = Symbol.for("hounsfield.dawn");
  const registry = globalThis as { [key]?: GPU[] };
  registry[key] = [...(registry[key] ?? []), gpu];
  return gpu;
}
