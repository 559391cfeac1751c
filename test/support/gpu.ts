import { afterAll } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { Engine, EngineLimits } from "../../src/engine/engine.js";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";

/**
 * The one GPU engine of a test file, on SwiftShader so that every machine tests the same; closed at its end,
 * leaks reported. With `{}` its buffers are whole wherever the tests of others are run in parts.
 */
export function testEngine(less = testLimits()): () => Promise<GpuEngine> {
  return oneEngine(async () => {
    // Where scripts/test-wgpu.js runs the tests, they must not run on Dawn unnoticed.
    if (process.env.HOUNSFIELD_TEST_WEBGPU === "wgpu" && !("gpu" in navigator))
      throw new Error("this runtime has no WebGPU of its own");
    const { gpu } = await findGpu("only");
    return createGpuEngine(gpu, { software: true, limits: less });
  });
}

/**
 * The one engine of a test file of operations, which vitest.config.ts runs twice: on the GPU engine, and on
 * the CPU engine, whose WASM bodies must give what the shaders give.
 */
export function testBothEngines(): () => Promise<Engine> {
  return process.env.HOUNSFIELD_TEST_ENGINE === "cpu" ? oneEngine(() => createCpuEngine()) : testEngine();
}

/**
 * With `HOUNSFIELD_TEST_STORE=parts` everything larger than 64 KB is cut, as a volume is that is larger than
 * a buffer of the device, and passes are over few slices: results must be the same to the bit.
 */
function testLimits(): Partial<EngineLimits> {
  if (process.env.HOUNSFIELD_TEST_STORE !== "parts") return {};
  return { maxBufferBytes: 2 ** 16, maxBindingBytes: 2 ** 21, slabVoxels: 2 ** 14, readVoxels: 2 ** 13 };
}

function oneEngine<E extends Engine>(open: () => Promise<E>): () => Promise<E> {
  let opened: Promise<E> | undefined;
  afterAll(async () => {
    const engine = await opened;
    if (!engine) return;
    await engine.idle();
    const leaked = engine.memory.snapshot();
    engine.destroy();
    if (Object.keys(leaked).length > 0) throw new Error(`buffers left behind: ${JSON.stringify(leaked)}`);
  });
  return () => {
    opened ??= open();
    return opened;
  };
}
