import { MemoryLedger } from "../memory_ledger.js";
import { BufferTable } from "./buffer_table.js";
import { recoverDevice } from "./device_recovery.js";
import type { ErrorWatch } from "./error_watch.js";
import { engineOn, engineOver, type GpuEngine, type Holdings } from "./gpu_engine.js";
import { describeInfo } from "./open_device.js";

/**
 * An engine on a device that somebody else owns, within whatever limits and features it has: it is never
 * destroyed here, its handlers stay its owner's, and when it is lost the engine is at its end.
 */
export async function createSharedEngine(device: GPUDevice): Promise<GpuEngine> {
  const holdings: Holdings = { memory: new MemoryLedger(), buffers: new BufferTable() };
  const adapter = describeInfo(device.adapterInfo);
  const failures: GPUError[] = [];
  const open = async () =>
    engineOn(device, adapter, holdings, failures, watchOwnWork(device, failures), () => {});
  return engineOver(await recoverDevice(open, holdings.buffers, []), holdings);
}

const scopes = ["validation", "internal", "out-of-memory"] as const;

/**
 * Of a device that others work on too: the errors of our own work, by error scopes around it. Those of the
 * others are their affair.
 */
export function watchOwnWork(device: GPUDevice, failures: GPUError[]): ErrorWatch {
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
    during(work) {
      for (const scope of scopes) device.pushErrorScope(scope);
      try {
        return work();
      } finally {
        for (const _ of scopes) close();
      }
    },
    settled: () => Promise.all(open),
    end() {},
  };
}
