import { checkArgument, invalidOption, type Rule } from "../../core/options.js";
import type { EngineLimits } from "../engine.js";
import { MemoryLedger } from "../memory_ledger.js";
import { BufferTable } from "./buffer_table.js";
import { recoverDevice } from "./device_recovery.js";
import type { ErrorWatch } from "./error_watch.js";
import { engineOn, engineOver, type GpuEngine, type Holdings } from "./gpu_engine.js";
import { describeAdapter } from "./open_device.js";

/** Options of openEngine that are about a device of ours. */
const ofOurs = ["software", "powerPreference", "requiredFeatures", "requiredLimits"] as const;

/** By what is used of it. */
const deviceRule: Rule = (value) => {
  const { queue, createBuffer, pushErrorScope } = (value ?? {}) as Partial<GPUDevice>;
  const isDevice =
    typeof queue === "object" && [createBuffer, pushErrorScope].every((one) => typeof one === "function");
  return isDevice ? undefined : '"auto", "gpu", "cpu" or a GPUDevice';
};

/**
 * An engine on a device that somebody else owns, within whatever limits and features it has: it is never
 * destroyed here, its handlers stay its owner's, and when it is lost the engine is at its end.
 * @throws HounsfieldError `invalid-option` for what is no device, and for options of how to open one
 */
export async function createSharedEngine(
  device: GPUDevice,
  options: Readonly<Partial<Record<(typeof ofOurs)[number], unknown>>> = {},
  limits: Partial<EngineLimits> = {},
): Promise<GpuEngine> {
  checkArgument("openEngine", "device", device, deviceRule);
  for (const name of ofOurs) {
    if (options[name] !== undefined)
      throw invalidOption("openEngine", name, options[name], "nothing beside a device of your own");
  }
  const holdings: Holdings = { memory: new MemoryLedger(), buffers: new BufferTable() };
  // Older browsers tell nothing of a device's adapter.
  const adapter = describeAdapter({ info: device.adapterInfo ?? { vendor: "", architecture: "" } });
  const open = async () => engineOn(device, adapter, holdings, limits, watchOwnWork(device));
  return engineOver(await recoverDevice(open, holdings.buffers, []), holdings);
}

const scopes = ["validation", "internal", "out-of-memory"] as const;

/**
 * Of a device that others work on too: the errors of our own work, by error scopes around it. Those of the
 * others are their affair.
 */
export function watchOwnWork(device: GPUDevice): ErrorWatch {
  const failures: GPUError[] = [];
  const open = new Set<Promise<unknown>>();
  const close = () => {
    const judging: Promise<unknown> = device.popErrorScope().then(
      (error) => {
        if (error) failures.push(error);
        open.delete(judging);
      },
      () => open.delete(judging),
    );
    open.add(judging);
  };
  return {
    failures,
    during(work) {
      for (const scope of scopes) device.pushErrorScope(scope);
      try {
        return work();
      } finally {
        for (const _ of scopes) close();
      }
    },
    settled: () => Promise.all(open),
  };
}
