import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { doPart, type Exports, type ThreadPool } from "../../src/engine/cpu/single_thread.js";
import type { Engine } from "../../src/engine/engine.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { gradientMagnitude } from "../../src/ops/filter/gradient_magnitude.js";
import { median } from "../../src/ops/filter/median.js";
import { listComponents } from "../../src/ops/mask/list_components.js";
import { measureMask } from "../../src/ops/mask/measure_mask.js";
import { closing } from "../../src/ops/mask/morphology.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { projectMaximum, projectSum } from "../../src/ops/project/project.js";
import { resample } from "../../src/ops/resample/resample.js";
import { histogram } from "../../src/ops/value/histogram.js";
import { windowSlabs } from "../../src/ops/value/window_slabs.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { uploadVolume } from "../support/volumes.js";

/**
 * Cuts every call into as many parts as threads would, does the last first, and gives each part the same
 * scratch, as one thread after the other would.
 */
function partingCrew(parts: number) {
  return (exports: Exports): ThreadPool => ({
    threads: 1,
    run(call, scratch) {
      const count = Math.min(parts, call.extent);
      const edge = (part: number) => Math.floor((call.extent * part) / count);
      for (let part = count - 1; part >= 0; part--) {
        doPart(exports, call, edge(part), edge(part + 1), scratch[0] ?? 0);
      }
    },
    destroy() {},
  });
}

const size = [97, 96, 40] as const;

/** Arrays by their hash: comparing them value by value takes longer than making them. */
function digest(value: unknown): unknown {
  if (ArrayBuffer.isView(value))
    return createHash("sha256").update(new Uint8Array(value.buffer)).digest("hex");
  return value;
}

async function resultsOn(engine: Engine): Promise<Record<string, unknown>> {
  const phantom = chestPhantom({ size: [...size] });
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  for (let z = 0; z < size[2]; z++) voxels.set(phantom.slice(z), z * size[0] * size[1]);
  const volume = await uploadVolume(engine, phantom.grid, voxels);
  const read = async (made: Promise<CtVolume>) => (await made).read();
  const air = await threshold(volume, { belowHu: -400 });
  const windowed: unknown[] = [];
  for await (const { values } of windowSlabs(volume, { lowHu: -1000, highHu: 400 }))
    windowed.push(digest(values));
  const results = {
    windowed,
    counts: (await histogram(volume)).counts,
    inAir: (await histogram(volume, { mask: air })).counts,
    axial: (await projectMaximum(volume, { plane: "axial" })).hu,
    sagittal: (await projectMaximum(volume, { plane: "sagittal" })).hu,
    sums: (await projectSum(volume, { plane: "coronal" })).sumsHu,
    linear: await read(resample(volume, { spacingMm: 3, antialias: false })),
    shrunk: await read(resample(volume, { spacingMm: 9 })),
    spline: await read(resample(volume, { spacingMm: 4, kernel: "b-spline" })),
    median: await read(median(volume)),
    gaussian: await read(gaussian(volume, { sigmaMm: 4 })),
    gradient: await read(gradientMagnitude(volume)),
    components: await listComponents(air, { maximumComponents: 20 }),
    measures: await measureMask(air),
    closed: await (await closing(air, { shape: "ball", radiusMm: 9 })).read(),
    plain: await (await lungMask(volume, { method: "threshold" })).readLabels(),
    refined: await (await lungMask(volume)).readLabels(),
  };
  engine.destroy();
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, digest(value)]));
}

test.each([3, 7])("every operation gives the same in %i parts, the last first", async (parts) => {
  const whole = await resultsOn(await createCpuEngine());
  const cut = await resultsOn(await createCpuEngine({ pool: partingCrew(parts) }));
  expect(cut).toEqual(whole);
  expect(Object.keys(whole).length).toBeGreaterThan(15);
});
