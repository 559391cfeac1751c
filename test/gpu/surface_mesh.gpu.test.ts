import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import type { Mesh } from "../../src/core/mesh.js";
import { surfaceMesh } from "../../src/ops/surface/surface_mesh.js";
import { createMask } from "../../src/volume/create_mask.js";
import { createVolume } from "../../src/volume/create_volume.js";
import { formatGrids } from "../support/format_grids.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf, random } from "../support/volumes.js";

const engine = testBothEngines();

/** Edges that are not of two triangles, one in each direction; degenerate triangles. */
function faultsOf({ triangles }: Mesh): string[] {
  const edges = new Map<string, number>();
  const faults: string[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [triangles[i], triangles[i + 1], triangles[i + 2]];
    if (new Set(corners).size < 3) faults.push(`triangle ${i / 3} has two corners in one`);
    for (let k = 0; k < 3; k++) {
      const edge = `${corners[k]} ${corners[(k + 1) % 3]}`;
      edges.set(edge, (edges.get(edge) ?? 0) + 1);
    }
  }
  for (const [edge, count] of edges) {
    const back = edges.get(edge.split(" ").reverse().join(" ")) ?? 0;
    if (count !== 1 || back !== 1) faults.push(`edge ${edge}: ${count} there, ${back} back`);
  }
  return faults;
}

/** By the divergence theorem: above 0 where triangles are counterclockwise from outside. */
function volumeMm3({ positionsMm: p, triangles }: Mesh): number {
  let six = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * triangles[i + k]);
    six +=
      p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]) +
      p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]) +
      p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);
  }
  return six / 6;
}

async function meshOf(grid: Grid, data: Uint8Array, options = {}): Promise<Mesh> {
  const mask = await createMask(await engine(), { grid, data });
  const mesh = await surfaceMesh(mask, options);
  mask.destroy();
  return mesh;
}

describe("the surface of a mask", () => {
  test("each way in which 8 voxels may be inside gives a closed surface, counterclockwise from outside", async () => {
    const grid = gridOf([2, 2, 2]);
    for (let inside = 1; inside < 256; inside++) {
      const data = Uint8Array.from({ length: 8 }, (_, i) => (inside >> i) & 1);
      const mesh = await meshOf(grid, data);
      expect([inside, faultsOf(mesh)]).toEqual([inside, []]);
      expect(volumeMm3(mesh)).toBeGreaterThan(0);
    }
  });

  test.each([
    [[1, 1, 1], 1],
    [[5, 4, 3], 0.5],
    [[33, 7, 9], 0.5],
    [[64, 5, 20], 0.1],
    [[31, 6, 5], 0.9],
    [[95, 3, 2], 0.3],
  ] as [Vec3, number][])(
    "noise of %j voxels, %s of them inside: closed at the grid's ends too",
    async (size, share) => {
      const next = random(size[0]);
      const data = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => Number(next() < share));
      const mesh = await meshOf(gridOf(size), data);
      expect(faultsOf(mesh)).toEqual([]);
      expect(volumeMm3(mesh)).toBeGreaterThan(0);
    },
  );

  test.each(Object.entries(formatGrids))("lies in the patient, on a grid that is %s", async (_, grid) => {
    const data = new Uint8Array(60);
    data[1 * 20 + 2 * 5 + 3] = 1;
    const { positionsMm, triangles } = await meshOf(grid, data);
    // Six vertices halfway to the six neighbors of voxel (3, 2, 1).
    const wanted = [-1, 1].flatMap((side) =>
      [0, 1, 2].map((axis) =>
        positionMm(grid, [3, 2, 1].map((at, k) => at + (k === axis ? side / 2 : 0)) as unknown as Vec3),
      ),
    );
    const found = Array.from({ length: 6 }, (_, i) => Array.from(positionsMm.subarray(3 * i, 3 * i + 3)));
    expect(positionsMm).toHaveLength(18);
    expect(triangles).toHaveLength(24);
    for (const place of wanted) {
      const apart = found.map((one) => Math.hypot(...one.map((mm, row) => mm - place[row])));
      expect(Math.min(...apart)).toBeLessThan(1e-4);
    }
    expect(volumeMm3({ positionsMm, triangles })).toBeGreaterThan(0);
  });

  test("a left-handed grid turns nothing inside out", async () => {
    const grid = { ...gridOf([3, 3, 3]), direction: [1, 0, 0, 0, 1, 0, 0, 0, -1] };
    const mesh = await meshOf(grid, new Uint8Array(27).fill(1));
    expect(faultsOf(mesh)).toEqual([]);
    expect(volumeMm3(mesh)).toBeGreaterThan(0);
  });

  test("smoothing keeps it closed, within half a voxel, and about as large", async () => {
    const [n, radius] = [24, 9];
    const data = Uint8Array.from({ length: n ** 3 }, (_, i) => {
      const at = [i % n, Math.floor(i / n) % n, Math.floor(i / n / n)];
      return Number(Math.hypot(...at.map((one) => one - (n - 1) / 2)) < radius);
    });
    const rough = await meshOf(gridOf([n, n, n], [0.7, 0.8, 2]), data);
    const smooth = await meshOf(gridOf([n, n, n], [0.7, 0.8, 2]), data, { smoothing: 10 });
    expect(faultsOf(smooth)).toEqual([]);
    expect(smooth.triangles).toEqual(rough.triangles);
    const spacing = [0.7, 0.8, 2];
    const furthest = rough.positionsMm.reduce(
      (most, mm, i) => Math.max(most, Math.abs(mm - smooth.positionsMm[i]) / spacing[i % 3]),
      0,
    );
    expect(furthest).toBeGreaterThan(0.1);
    expect(furthest).toBeLessThan(0.5001);
    expect(volumeMm3(smooth) / volumeMm3(rough)).toBeCloseTo(1, 1);
  });

  test("nothing inside gives nothing", async () => {
    expect(await meshOf(gridOf([4, 4, 4]), new Uint8Array(64))).toEqual({
      positionsMm: new Float32Array(0),
      triangles: new Uint32Array(0),
    });
  });
});

describe("the surface of a volume", () => {
  test("lies where values are the threshold: a ball of a smooth field is round", async () => {
    const n = 20;
    const center = (n - 1) / 2;
    const data = Int16Array.from({ length: n ** 3 }, (_, i) => {
      const at = [i % n, Math.floor(i / n) % n, Math.floor(i / n / n)];
      return 1000 - 100 * Math.hypot(...at.map((one) => one - center));
    });
    const volume = await createVolume(await engine(), { data, grid: gridOf([n, n, n]) });
    const mesh = await surfaceMesh(volume, { fromHu: 350 });
    volume.destroy();
    expect(faultsOf(mesh)).toEqual([]);
    for (let i = 0; i < mesh.positionsMm.length; i += 3) {
      const distance = Math.hypot(...mesh.positionsMm.subarray(i, i + 3).map((mm) => mm - center));
      expect(Math.abs(distance - 6.5)).toBeLessThan(0.05);
    }
    expect(volumeMm3(mesh) / ((4 / 3) * Math.PI * 6.5 ** 3)).toBeCloseTo(1, 1);
  });

  test("in its own units, where its record is scaled", async () => {
    const data = Float32Array.from({ length: 27 }, (_, i) => (i === 13 ? 2.5 : 0.5));
    const volume = await createVolume(await engine(), { data, grid: gridOf([3, 3, 3]), units: "SUV" });
    const mesh = await surfaceMesh(volume, { fromHu: 1 });
    volume.destroy();
    // A quarter of the way from 0.5 to 2.5: 0.75 voxels from the center.
    const furthest = Math.max(...mesh.positionsMm.map((mm) => Math.abs(mm - 1)));
    expect(furthest).toBeCloseTo(0.75, 3);
    expect(faultsOf(mesh)).toEqual([]);
  });
});
