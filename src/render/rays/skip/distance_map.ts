import { bufferUsage } from "../../../engine/gpu/constants.js";
import type { GpuEngine } from "../../../engine/gpu/gpu_engine.js";
import { notPrepared } from "../../frame/lazily.js";
import type { TransferFunction } from "../../state/transfer.js";
import type { Bricks } from "../../texture/bricks.js";
import { compileFrameKernel, createFrameJob, type FrameJob } from "../../texture/frame_kernel.js";
import type { RayCast } from "../ray_cast.js";
import { TABLE_WIDTH, transferTable } from "../transfer_table.js";

/**
 * For each brick, how many bricks away the nearest one is that rays must look into: what they may leap over.
 */
export interface DistanceMap {
  readonly buffer: GPUBuffer | undefined;
  /** To be waited for before the first `reserve`; undefined where there is nothing to wait for. */
  prepare(): Promise<unknown> | undefined;
  /** Makes room; nothing where there is some already. */
  reserve(): void;
  /**
   * Makes it a cast's, where it is not: of HU by the transfer function where `material`, of labels by
   * `labeled` bricks.
   */
  encode(encoder: GPUCommandEncoder, cast: RayCast, material: boolean, labels: GPUBuffer | undefined): void;
  /** Idempotent. */
  destroy(): void;
}

const names = ["brick_occupy", "brick_spread"] as const;

export function createDistanceMap({ device, memory }: GpuEngine, bricks: Bricks): DistanceMap {
  const bytes = 4 * bricks.counts[0] * bricks.counts[1] * bricks.counts[2];
  let pipelines: readonly GPUComputePipeline[] | undefined;
  let making: Promise<void> | undefined;
  let held: ReturnType<typeof make> | undefined;
  let made: readonly unknown[] = [];
  let tabled: TransferFunction | undefined;

  const make = ([occupy, spread]: readonly GPUComputePipeline[]) => {
    const usage = bufferUsage.storage | bufferUsage.copyDestination;
    const storage = (label: string, size: number) => device.createBuffer({ label, size, usage });
    const [one, other] = [storage("brick distances", bytes), storage("brick distances", bytes)];
    const noLabels = storage("no brick labels", bytes);
    const opaque = storage("opaque HU", 4 * (TABLE_WIDTH + 1));
    const release = memory.take("brick distances", 3 * bytes + 4 * (TABLE_WIDTH + 1));
    const spreadJob = (before: GPUBuffer, distances: GPUBuffer) =>
      createFrameJob(device, "brick_spread", spread, { before, distances });
    return {
      one,
      other,
      noLabels,
      opaque,
      spreads: [spreadJob(one, other), spreadJob(other, one), spreadJob(one, other)],
      occupy,
      occupyJob: undefined as FrameJob<"brick_occupy"> | undefined,
      labels: undefined as GPUBuffer | undefined,
      release,
    };
  };

  return {
    get buffer() {
      return held?.other;
    },
    prepare() {
      if (pipelines) return undefined;
      making ??= Promise.all(names.map((name) => compileFrameKernel(device, name))).then((compiled) => {
        pipelines = compiled;
      });
      return making;
    },
    reserve() {
      if (!pipelines) throw notPrepared("the distance map");
      held ??= make(pipelines);
    },
    encode(encoder, { params, transfer }, material, labels) {
      if (!held) return;
      const { overlay_bits, hide_bits } = params;
      const wanted = [bricks.version, material && transfer, overlay_bits, hide_bits, labels];
      if (made.length > 0 && wanted.every((value, i) => value === made[i])) return;
      made = wanted;
      const labeled = labels ?? held.noLabels;
      if (!held.occupyJob || held.labels !== labeled) {
        held.occupyJob?.destroy();
        const { extremes } = bricks;
        held.occupyJob = createFrameJob(device, "brick_occupy", held.occupy, {
          extremes,
          brick_labels: labeled,
          opaque_before: held.opaque,
          distances: held.one,
        });
        held.labels = labeled;
      }
      if (material && tabled !== transfer) {
        tabled = transfer;
        device.queue.writeBuffer(held.opaque, 0, opaqueBefore(transfer));
      }
      const pass = encoder.beginComputePass({ label: "brick distances" });
      const shape = { bricks: bricks.counts };
      const which = { material: material ? 1 : 0, overlay_bits, hide_bits };
      held.occupyJob.encode(pass, { ...shape, ...which }, bricks.counts);
      held.spreads.forEach((job, axis) => {
        job.encode(pass, { ...shape, axis: [0, 1, 2].map((i) => (i === axis ? 1 : 0)) }, bricks.counts);
      });
      pass.end();
    },
    destroy() {
      if (!held) return;
      const { one, other, noLabels, opaque, spreads, occupyJob, release } = held;
      for (const part of [one, other, noLabels, opaque, ...spreads]) part.destroy();
      occupyJob?.destroy();
      release();
      held = undefined;
    },
  };
}

/**
 * At i, how many texels of a transfer function's table before i have opacity: a difference of two tells of
 * all between.
 */
export function opaqueBefore(transfer: TransferFunction): Uint32Array<ArrayBuffer> {
  const table = transferTable(transfer, 1);
  const before = new Uint32Array(TABLE_WIDTH + 1);
  for (let i = 0; i < TABLE_WIDTH; i++) before[i + 1] = before[i] + (table[4 * i + 3] > 0 ? 1 : 0);
  return before;
}
