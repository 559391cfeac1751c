import type { Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import { withScratch } from "../scratch.js";

/** Counts that one invocation of count_scan sums; the kernels' own number. */
const BLOCK_LENGTH = 64;

/**
 * Replaces u32 counts by their exclusive prefix sums, in place, and gives their total (the one value read
 * back), which must stay below 2^32. Reduce-then-scan: blocks of 64 are summed, their totals in blocks of 64
 * and so on, then offsets are added on the way back.
 */
export async function scanCounts(engine: Engine, counts: EngineBuffer, length: number): Promise<number> {
  return withScratch(async (scratch) => {
    const levels = [{ buffer: counts, length }];
    do {
      const blocks = Math.ceil(levels[levels.length - 1].length / BLOCK_LENGTH);
      const buffer = scratch.own(await engine.allocate("scan totals", blocks * 4, "unwritten"));
      levels.push({ buffer, length: blocks });
    } while (levels[levels.length - 1].length > 1);
    const up = levels.slice(1).map(
      (totals, i): Pass => ({
        kernel: "count_scan",
        params: { entries: levels[i].length },
        bindings: { counts: levels[i].buffer, totals: totals.buffer },
        invocations: lineInvocations(totals.length),
      }),
    );
    // The topmost level is the total; the one below it is a single block, and final already.
    const down = levels.slice(0, -2).map(
      (level, i): Pass => ({
        kernel: "count_offset",
        params: { entries: level.length },
        bindings: { counts: level.buffer, offsets: levels[i + 1].buffer },
        invocations: lineInvocations(level.length),
      }),
    );
    await engine.run([...up, ...down.reverse()]);
    const total = await engine.read(levels[levels.length - 1].buffer, 0, 4);
    return new Uint32Array(total)[0];
  });
}

/**
 * `count` invocations in a line, folded so that no axis has more than the 65535 workgroups (of 64) that
 * WebGPU allows; one, to no effect, for none.
 */
export function lineInvocations(count: number): [number, number, number] {
  const across = 2 ** 20;
  return [Math.min(Math.max(count, 1), across), Math.max(Math.ceil(count / across), 1), 1];
}
