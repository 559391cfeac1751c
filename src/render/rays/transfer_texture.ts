import { textureUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { TransferFunction } from "../state/transfer.js";
import { TABLE_WIDTH, transferTable } from "./transfer_table.js";

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
    size: [TABLE_WIDTH, 2],
    format: "rgba32float",
    usage: textureUsage.textureBinding | textureUsage.copyDestination,
  });
  const release = memory.take("transfer function", TABLE_WIDTH * 2 * 16);
  let held: { readonly transfer: TransferFunction; readonly stepMm: number } | undefined;
  return {
    texture,
    use(transfer, stepMm) {
      if (transfer === held?.transfer && stepMm === held.stepMm) return;
      held = { transfer, stepMm };
      const bytesPerRow = TABLE_WIDTH * 16;
      device.queue.writeTexture({ texture }, transferTable(transfer, stepMm), { bytesPerRow }, [
        TABLE_WIDTH,
        2,
      ]);
    },
    destroy() {
      texture.destroy();
      release();
    },
  };
}
