import { HounsfieldError } from "../core/errors.js";
import type { Engine } from "../engine/engine.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";

/** Drawing needs the device behind an engine. Throws `invalid-option` for an engine that has none. */
export function gpuEngineOf(engine: Engine): GpuEngine {
  if (isGpuEngine(engine)) return engine;
  throw new HounsfieldError("invalid-option", "the volume's engine has no WebGPU device to draw with");
}

function isGpuEngine(engine: Engine): engine is GpuEngine {
  return "device" in engine && "gpuBuffer" in engine;
}
