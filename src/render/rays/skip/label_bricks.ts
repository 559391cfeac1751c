import { bufferUsage } from "../../../engine/gpu/constants.js";
import type { GpuEngine } from "../../../engine/gpu/gpu_engine.js";
import { notPrepared } from "../../frame/lazily.js";
import type { Bricks } from "../../texture/bricks.js";
import { compileFrameKernel, createFrameJob, type FrameJob } from "../../texture/frame_kernel.js";

/** Which labels each brick holds; made once for a label texture, whose values never change. */
export interface LabelBricks {
  /** To be waited for before the first `use`; undefined where there is nothing to wait for. */
  prepare(): Promise<unknown> | undefined;
  /** The bricks' labels, made by `encoder` where they are those of another texture. */
  use(encoder: GPUCommandEncoder, labels: GPUTexture): GPUBuffer;
  /** Idempotent. */
  destroy(): void;
}

export function createLabelBricks({ device, memory }: GpuEngine, { counts }: Bricks): LabelBricks {
  const size = 4 * counts[0] * counts[1] * counts[2];
  let pipeline: GPUComputePipeline | undefined;
  let making: Promise<void> | undefined;
  let held: { labels: GPUTexture; buffer: GPUBuffer; job: FrameJob<"brick_labels"> } | undefined;
  let release = () => {};
  const drop = () => {
    held?.job.destroy();
    held?.buffer.destroy();
    release();
    held = undefined;
  };
  return {
    prepare() {
      if (pipeline) return undefined;
      making ??= compileFrameKernel(device, "brick_labels").then((made) => {
        pipeline = made;
      });
      return making;
    },
    use(encoder, labels) {
      if (held?.labels === labels) return held.buffer;
      if (!pipeline) throw notPrepared("the table of labels");
      drop();
      const buffer = device.createBuffer({ label: "brick labels", size, usage: bufferUsage.storage });
      release = memory.take("brick labels", size);
      const resources = { labels: labels.createView(), brick_labels: buffer };
      const job = createFrameJob(device, "brick_labels", pipeline, resources);
      held = { labels, buffer, job };
      const pass = encoder.beginComputePass({ label: "brick labels" });
      job.encode(pass, { bricks: counts }, counts);
      pass.end();
      return buffer;
    },
    destroy: drop,
  };
}
