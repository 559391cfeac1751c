import { afterAll } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { Engine } from "../../src/engine/engine.js";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";

/**
 * The one GPU engine of a test file, on SwiftShader so that every machine tests the same; closed at its end,
 * leaks reported.
 */
export function testEngine(): () => Promise<GpuEngine> {
  return oneEngine(async () => {
    // Where scripts/test-wgpu.js runs the tests, they must not run on Dawn unnoticed.
    if (process.env.HOUNSFIELD_TEST_WEBGPU === "wgpu" && !("gpu" in navigator))
      throw new Error("this runtime has no WebGPU of its own");
    const { gpu } = await findGpu("only");
    return createGpuEngine(gpu, { software: true });
  });
}

/**
 * The one engine of a test file of operations, which vitest.config.ts runs twice: on the GPU engine, and on
 * the CPU engine, whose WASM bodies must give what the shaders give.
 */
export function testBothEngines(): () => Promise<Engine> {
  return process.env.HOUNSFIELD_TEST_ENGINE === "cpu" ? oneEngine(() => createCpuEngine()) : testEngine();
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
