import { existsSync, readdirSync } from "node:fs";
import { constants, homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * Nodes of Linux by which drivers reach a GPU: Direct Rendering, NVIDIA's own, Windows' in WSL, Qualcomm's
 * and Arm's.
 */
const deviceNodes = [/^dri\/renderD\d+$/, /^nvidia\d+$/, /^dxg$/, /^kgsl-3d0$/, /^mali\d+$/];

/** What a Linux machine has of what Vulkan needs; other systems bring their own graphics interface. */
export interface VulkanSetup {
  /** Whether this process sees a GPU. */
  readonly hasGpu: boolean;
  /** Manifests of the drivers that the loader would load. */
  readonly drivers: readonly string[];
}

/**
 * Looks at files alone: asking the drivers themselves makes them write on stderr about what is normal on a
 * machine without a GPU.
 */
export function vulkanSetup(root = "/", environment: NodeJS.ProcessEnv = process.env): VulkanSetup {
  const dev = join(root, "dev");
  const nodes = [...namesIn(dev), ...namesIn(join(dev, "dri")).map((name) => `dri/${name}`)];
  const chosen = environment.VK_DRIVER_FILES ?? environment.VK_ICD_FILENAMES;
  if (chosen) {
    // Who names drivers may mean one that needs no device node.
    const drivers = chosen.split(":").filter((file) => existsSync(file));
    return { hasGpu: drivers.length > 0, drivers };
  }
  const { XDG_DATA_DIRS = "/usr/local/share:/usr/share" } = environment;
  const folders = [
    ...XDG_DATA_DIRS.split(":"),
    "/etc",
    "/usr/local/etc",
    "/usr/share",
    join(homedir(), ".local/share"),
  ];
  const drivers = [...new Set(folders)].flatMap((folder) => {
    const manifests = join(root, folder, "vulkan/icd.d");
    return namesIn(manifests)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(manifests, name));
  });
  return { hasGpu: nodes.some((node) => deviceNodes.some((pattern) => pattern.test(node))), drivers };
}

/** Why there is no adapter, and what to do about it. */
export function vulkanAdvice({ hasGpu, drivers }: VulkanSetup): string {
  const names = drivers.map((file) => basename(file, ".json")).join(", ");
  if (!hasGpu)
    return "this process sees no GPU (no /dev/dri/renderD*, no /dev/nvidia*); a container must be given it";
  if (drivers.length === 0)
    return "there is a GPU, but no Vulkan driver for it: install one (on Debian: mesa-vulkan-drivers; NVIDIA's is a part of its own driver, in containers by NVIDIA_DRIVER_CAPABILITIES=all)";
  return `the Vulkan drivers that are installed (${names}) offer nothing that WebGPU can use: newer ones may (Mesa 22, as of Debian 12, is too old)`;
}

/**
 * Runs `task` with llvmpipe hidden, whose warnings would be the first thing a person reads, and which is no
 * GPU; and with a runtime folder, for whose lack others print an error. What is set already is left as it is.
 */
export async function withQuietDrivers<T>(task: () => Promise<T>): Promise<T> {
  const quiet = { XDG_RUNTIME_DIR: tmpdir(), VK_LOADER_DRIVERS_DISABLE: "*lvp*" };
  const set = Object.entries(quiet).filter(([name]) => process.env[name] === undefined);
  for (const [name, value] of set) process.env[name] = value;
  try {
    return await task();
  } finally {
    for (const [name] of set) delete process.env[name];
  }
}

/**
 * Loads a Vulkan loader into the process before Dawn looks for it by name, and tells whether there is one:
 * the system's, or on Linux machines without it the one that came with SwiftShader, which finds real drivers
 * as well. It is no Node addon, so dlopen throws either way; RTLD_NODELETE keeps it loaded all the same.
 */
export function loadVulkan(library: string): boolean {
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

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
