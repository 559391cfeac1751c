import { textureUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { TransferFunction } from "../state/transfer.js";
import { tableWidth, transferTable } from "./transfer_table.js";

/** A transfer function where the device reads it. */
export interface TransferTexture {
  readonly texture: GPUTexture;
  /** Makes it hold a function, for steps of a length, where it does not already. */
  use(transfer: TransferFunction, stepMm: number): void;
  /** Idempotent. */
  destroy(): void;
}

export function createTransferTexture({ device, memory }: GpuEngine): TransferTexture {
  const texture = device.createTexture({
    label: "transfer function",
    size: [tableWidth, 2],
    format: "rgba32float",
    usage: textureUsage.textureBinding | textureUsage.copyDestination,
  });
  const release = memory.take("transfer function", tableWidth * 2 * 16);
  let held: { readonly transfer: TransferFunction; readonly stepMm: number } | undefined;
  return {
    texture,
    use(transfer, stepMm) {
      if (transfer === held?.transfer && stepMm === held.stepMm) return;
      held = { transfer, stepMm };
      const bytesPerRow = tableWidth * 16;
      device.queue.writeTexture({ texture }, transferTable(transfer, stepMm), { bytesPerRow }, [
        tableWidth,
        2,
      ]);
    },
    destroy() {
      texture.destroy();
      release();
    },
  };
}
