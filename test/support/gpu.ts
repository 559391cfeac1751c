import { afterAll } from "vitest";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";

/** The one GPU engine of a test file, on SwiftShader so that every machine tests the same; closed at its end, leaks reported. */
export function testEngine(): () => Promise<GpuEngine> {
  let opened: Promise<GpuEngine> | undefined;
  afterAll(async () => {
    const engine = await opened;
    if (!engine) return;
    await engine.idle();
    const leaked = engine.memory.snapshot();
    engine.destroy();
    if (Object.keys(leaked).length > 0) throw new Error(`buffers left behind: ${JSON.stringify(leaked)}`);
  });
  return () => {
    opened ??= findGpu({ software: true }).then(({ gpu }) => createGpuEngine(gpu, { software: true }));
    return opened;
  };
}
