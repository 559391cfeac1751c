import { HounsfieldError } from "../../core/errors.js";
import type { Engine } from "../../engine/engine.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";

/** Drawing needs the device behind an engine. Throws `no-gpu` for an engine that has none: ask `engine.capabilities.rendering` first. */
export function gpuEngineOf(engine: Engine): GpuEngine {
  if (isGpuEngine(engine)) return engine;
  throw new HounsfieldError(
    "no-gpu",
    `views need a GPU; the volume is on the engine ${engine.adapter.name}, which reads, computes and reslices`,
  );
}

function isGpuEngine(engine: Engine): engine is GpuEngine {
  return "device" in engine && "gpuBuffer" in engine;
}
