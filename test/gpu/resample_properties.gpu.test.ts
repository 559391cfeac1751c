// Over 300 lines: one property of resampling after the other, for every kernel; one GPU device serves them
// all.
import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { crop } from "../../src/ops/resample/crop.js";
import { pad } from "../../src/ops/resample/pad.js";
import { reorient } from "../../src/ops/resample/reorient.js";
import { resample, resampleToFloat } from "../../src/ops/resample/resample.js";
import type { ResampleKernel, ResampleOptions } from "../../src/ops/resample/resample_options.js";
import { CtVolume } from "../../src/volume/ct_volume.js";
import { indexOf } from "../reference/resample.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, largestDifference, noise, patientGrid, turnedGrid } from "../support/resampling.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const smooth: ResampleKernel[] = ["linear", "catmull-rom", "b-spline", "lanczos3"];

describe("in parts, on a device that binds little", () => {
  // Rows and slices enough that splines have more than their halo of 20 on either side.
  const grid: Grid = { ...patientGrid, size: [5, 61, 60], spacingMm: [2, 1, 1] };
  const voxels = noise(grid.size, 5);
  const targets: [string, ResampleOptions][] = [
    ["aligned by edges", { spacingMm: [2, 1.3, 0.8], align: "edges" }],
    ["permuted axes", { onto: { ...grid, size: [40, 70, 4], direction: [0, 0, 1, 0, 1, 0, 1, 0, 0] } }],
    ["a turned grid", { onto: turnedGrid([9, 30, 20], 1.1) }],
    [
      "flipped axes, exactly",
      {
        onto: { ...grid, originMm: positionMm(grid, [0, 60, 59]), direction: [1, 0, 0, 0, -1, 0, 0, 0, -1] },
      },
    ],
  ];

  test.each(
    targets.flatMap(([name, target]) =>
      [...smooth, "nearest" as const]
        .filter((kernel) => !(name === "a turned grid" && kernel === "lanczos3"))
        .map((kernel) => [name, kernel, target] as const),
    ),
  )("%s by %s is the same", async (name, kernel, target) => {
    const gpu = await engine();
    using volume = await uploadVolume(gpu, grid, voxels);
    const whole = await resampleToFloat(volume, { ...target, kernel });
    // The volume has 44 KB of int16 and 73 KB of f32.
    const picked = kernel === "nearest" || name === "flipped axes, exactly";
    const parts = cramped(gpu, { slabVoxels: 5000, maxBindingBytes: picked ? 20000 : 72000 });
    const cut = await resampleToFloat(new CtVolume(parts, grid, volume.buffer), { ...target, kernel });
    expect(largestDifference(cut.hu, whole.hu)).toBeLessThanOrEqual(kernel === "b-spline" ? 0.002 : 0);
  });
});

describe("geometry", () => {
  /**
   * A volume whose HU is a linear function of the position in the patient: any faithful resampling gives it
   * again.
   */
  const huAt = ([x, y, z]: Vec3) => 20 * (x + 115) - 15 * (y - 40) + 8 * (z + 390);
  const ramp = (grid: Grid) => {
    const [nx, ny, nz] = grid.size;
    return Int16Array.from({ length: nx * ny * nz }, (_, n) =>
      Math.round(huAt(positionMm(grid, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]))),
    );
  };
  const straight: Grid = { ...patientGrid, size: [15, 14, 13], spacingMm: [0.7, 0.8, 1.1] };
  const targets: [string, ResampleOptions][] = [
    ["origin", { spacingMm: [0.9, 0.33, 2], align: "origin" }],
    ["edges", { spacingMm: [0.9, 0.33, 2], align: "edges" }],
    ["corners", { size: [11, 30, 10], align: "corners" }],
    ["O by size", { size: [9, 31, 8] }],
    ["turned", { onto: turnedGrid([11, 9, 8], 0.6) }],
    [
      "permuted",
      { onto: { ...patientGrid, spacingMm: [2, 0.9, 0.3], direction: [0, 0, 1, 0, 1, 0, 1, 0, 0] } },
    ],
  ];

  test.each(targets)("voxels of grid %s are where they say", async (_, target) => {
    const turned: Grid = { ...straight, direction: turnedGrid([1, 1, 1], 1).direction };
    for (const grid of [straight, turned]) {
      using volume = await uploadVolume(await engine(), grid, ramp(grid));
      for (const kernel of ["linear", "catmull-rom", "b-spline"] as const) {
        const { grid: onto, hu } = await resampleToFloat(volume, { ...target, kernel, antialias: false });
        const [nx, ny] = onto.size;
        let checked = 0;
        hu.forEach((value, n) => {
          const mm = positionMm(onto, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
          const at = indexOf(grid, mm);
          // Near an edge cubic kernels do not reproduce a ramp.
          const margin = kernel === "linear" ? 0 : kernel === "catmull-rom" ? 1 : 2.5;
          if (at.some((c, axis) => c < margin || c > grid.size[axis] - 1 - margin)) return;
          checked++;
          // Half a HU of rounding, more by a spline.
          expect(Math.abs(value - huAt(mm))).toBeLessThan(kernel === "b-spline" ? 5 : 1);
        });
        expect(checked).toBeGreaterThan(5);
      }
    }
  });
});

describe("exactness", () => {
  const voxels = noise(patientGrid.size, 9).map((hu, n) => (n === 0 ? 32767 : n === 1 ? -32768 : hu));

  test.each(["RAS", "SPL", "AIR", "LPS", "PSR"])(
    "to %s and back changes nothing, and no voxel moves",
    async (axes) => {
      using volume = await uploadVolume(await engine(), patientGrid, voxels);
      using there = await reorient(volume, { axes });
      const got = await there.read();
      const [nx, ny] = there.grid.size;
      got.forEach((hu, n) => {
        const mm = positionMm(there.grid, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
        const [i, j, k] = indexOf(patientGrid, mm);
        expect(hu).toBe(voxels[(k * patientGrid.size[1] + j) * patientGrid.size[0] + i]);
      });
      using back = await reorient(there, { axes: "LPS" });
      expect(await back.read()).toEqual(voxels);
      expect(back.grid.direction).toEqual(patientGrid.direction);
      expect(largestDifference(back.grid.originMm, patientGrid.originMm)).toBeLessThan(1e-9);
    },
  );

  test("a turned volume's axes go by their nearest letters, and its directions stay", async () => {
    const turned: Grid = { ...patientGrid, direction: turnedGrid([1, 1, 1], 1).direction };
    using volume = await uploadVolume(await engine(), turned, voxels);
    using ras = await reorient(volume, { axes: "RAS" });
    expect(ras.grid.size).toEqual(turned.size);
    expect(ras.grid.direction).toEqual(turned.direction.map((cosine, i) => (i % 3 < 2 ? -cosine : cosine)));
    using back = await reorient(ras, { axes: "LPS" });
    expect(await back.read()).toEqual(voxels);
  });

  test.each(["nearest", ...smooth] as const)("a shift by whole voxels and back by %s", async (kernel) => {
    using volume = await uploadVolume(await engine(), patientGrid, voxels);
    const shift = (by: Vec3): Grid => ({ ...patientGrid, originMm: positionMm(patientGrid, by) });
    using there = await resample(volume, { onto: shift([2, -1, 3]), kernel, border: { constantHu: -1024 } });
    using back = await resample(there, { onto: patientGrid, kernel, border: { constantHu: -1024 } });
    const [nx, ny, nz] = patientGrid.size;
    const expected = voxels.map((hu, n) => {
      const [x, y, z] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
      return x >= 2 && y < ny - 1 && z >= 3 && z < nz ? hu : -1024;
    });
    expect(await back.read()).toEqual(expected);
  });

  test("the same grid again is a copy, whatever its direction", async () => {
    const turned: Grid = { ...patientGrid, direction: turnedGrid([1, 1, 1], 1).direction };
    using volume = await uploadVolume(await engine(), turned, voxels);
    for (const target of [
      { spacingMm: turned.spacingMm },
      { onto: turned },
      { size: turned.size, align: "corners" as const },
    ]) {
      using same = await resample(volume, { ...target, kernel: "b-spline" });
      expect(await same.read()).toEqual(voxels);
    }
  });

  test("what is padded and cropped again is as before, and stays where it is", async () => {
    using volume = await uploadVolume(await engine(), patientGrid, voxels);
    using padded = await pad(volume, { before: [1, 0, 2], behind: [4, 3, 0], border: { constantHu: -3024 } });
    expect(padded.grid.size).toEqual([18, 13, 9]);
    expect(positionMm(padded.grid, [1, 0, 2])).toEqual(patientGrid.originMm);
    const around = await padded.read();
    expect(around.filter((hu) => hu === -3024).length).toBe(18 * 13 * 9 - voxels.length);
    using cropped = await crop(padded, { from: [1, 0, 2], to: [14, 10, 9] });
    expect(cropped.grid).toEqual(patientGrid);
    expect(await cropped.read()).toEqual(voxels);
    using repeated = await pad(volume, { before: [2, 0, 0], behind: [0, 0, 0], border: "clamp" });
    expect([...(await repeated.read()).subarray(0, 4)]).toEqual([voxels[0], voxels[0], voxels[0], voxels[1]]);
  });
});

describe.each(smooth)("%s", (kernel) => {
  test("mirrored input gives mirrored output", async () => {
    const grid = gridOf([14, 9, 5], [0.7, 0.8, 2]);
    const voxels = noise(grid.size, 11);
    const mirrored = Int16Array.from(voxels, (_, n) => voxels[n - (n % 14) + 13 - (n % 14)]);
    using plain = await uploadVolume(await engine(), grid, voxels);
    using turned = await uploadVolume(await engine(), grid, mirrored);
    for (const size of [
      [9, 12, 4],
      [31, 5, 11],
    ] as Vec3[]) {
      const options = { size, align: "edges", kernel } as const;
      const { hu } = await resampleToFloat(plain, options);
      const other = await resampleToFloat(turned, options);
      const back = Float32Array.from(hu, (_, n) => other.hu[n - (n % size[0]) + size[0] - 1 - (n % size[0])]);
      expect(largestDifference(back, hu)).toBeLessThan(0.005);
    }
  });

  test("a constant stays one, shrunk, grown and turned, within the volume and beyond", async () => {
    using volume = await uploadVolume(await engine(), patientGrid, noise(patientGrid.size, 1).fill(-777));
    const targets: ResampleOptions[] = [
      { spacingMm: 2.2, align: "edges" },
      { spacingMm: 0.41 },
      ...(kernel === "lanczos3" ? [] : [{ onto: turnedGrid([20, 20, 20], 1.7) }]),
    ];
    for (const target of targets) {
      const { hu } = await resampleToFloat(volume, { ...target, kernel });
      expect(Math.max(...hu.map((value) => Math.abs(value + 777)))).toBeLessThan(0.002);
    }
  });

  test("passes through the voxels", async () => {
    const grid = gridOf([12, 7, 5]);
    const voxels = noise(grid.size, 3);
    using volume = await uploadVolume(await engine(), grid, voxels);
    using fine = await resample(volume, { spacingMm: [0.5, 1, 1], kernel });
    const got = await fine.read();
    expect(got.filter((_, n) => (n % 23) % 2 === 0)).toEqual(voxels);
  });

  test("what overshoots int16 is held there", async () => {
    const grid = gridOf([16, 1, 1]);
    const steps = Int16Array.from({ length: 16 }, (_, x) => (Math.floor(x / 4) % 2 ? 32767 : -32768));
    using volume = await uploadVolume(await engine(), grid, steps);
    const options = { spacingMm: [0.25, 1, 1], kernel } as const;
    const { hu } = await resampleToFloat(volume, options);
    using held = await resample(volume, options);
    if (kernel !== "linear") expect(Math.max(...hu)).toBeGreaterThan(33000);
    expect(await held.read()).toEqual(
      Int16Array.from(hu, (value) =>
        Math.min(32767, Math.max(-32768, Math.sign(value) * Math.floor(Math.abs(value) + 0.5))),
      ),
    );
  });
});

describe("antialiasing", () => {
  // 1000 cos(pi r^2 / n): at r pixels from the corner the local frequency is r / n cycles a pixel, up to 0.5
  // along an edge of n / 2.
  const n = 192;
  const plate = Int16Array.from({ length: n * n }, (_, i) => {
    const [x, y] = [i % n, Math.floor(i / n)];
    return Math.round(1000 * Math.cos((Math.PI * (x * x + y * y)) / (2 * n)));
  });
  /**
   * Mean square of a shrunk zone plate where the local frequency is `from` to `to` of what the result can
   * hold.
   */
  const energy = ({ grid, hu }: { grid: Grid; hu: Float32Array }, from: number, to: number) => {
    const [nx] = grid.size;
    const squares: number[] = [];
    hu.forEach((value, i) => {
      const [x, y] = indexOf(gridOf([n, n, 1]), positionMm(grid, [i % nx, Math.floor(i / nx), 0]));
      const frequency = (Math.hypot(x, y) / (2 * n)) * grid.spacingMm[0] * 2;
      if (x > 0 && y > 0 && x < n - 8 && y < n - 8 && frequency >= from && frequency < to)
        squares.push(value * value);
    });
    expect(squares.length).toBeGreaterThan(20);
    return squares.reduce((a, b) => a + b, 0) / squares.length;
  };
  const angle = 0.3;
  const tilted: Grid = {
    size: [50, 50, 1],
    spacingMm: [3, 3, 1],
    originMm: [0, -15, 0],
    direction: [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0, 0, 0, 1],
  };

  test.each([
    ...smooth.map((kernel) => [kernel, "straight", { spacingMm: [3, 3, 1] }] as const),
    ...smooth.slice(0, 3).map((kernel) => [kernel, "turned", { onto: tilted }] as const),
  ])("of a zone plate shrunk 3 times by %s, %s", async (kernel, _, target) => {
    using volume = await uploadVolume(await engine(), gridOf([n, n, 1]), plate);
    const smoothed = await resampleToFloat(volume, { ...target, kernel });
    const plain = await resampleToFloat(volume, { ...target, kernel, antialias: false });
    // Above 1.3 of what 3 mm can hold everything is aliasing.
    const aliasing = energy(smoothed, 1.3, 3) / energy(plain, 1.3, 3);
    const kept = energy(smoothed, 0, 0.4) / energy(plain, 0, 0.4);
    // Measured: 0.2 to 0.6 % of the energy, 1.0 to 1.3 % turned.
    expect(aliasing).toBeLessThan(0.02);
    expect(kept).toBeGreaterThan(0.85);
  });

  test("is off where nothing shrinks, and for nearest", async () => {
    using volume = await uploadVolume(await engine(), patientGrid, noise(patientGrid.size, 8));
    for (const options of [
      { spacingMm: 0.7, kernel: "b-spline" },
      { spacingMm: 3, kernel: "nearest" },
    ] as const) {
      const [on, off] = await Promise.all([
        resampleToFloat(volume, options),
        resampleToFloat(volume, { ...options, antialias: false }),
      ]);
      expect(on.hu).toEqual(off.hu);
    }
  });
});

test("an abort stops between slabs, and nothing is left behind", async () => {
  const gpu = await engine();
  const voxels = noise([8, 8, 20], 3);
  for (const options of [
    { antialias: false },
    { kernel: "b-spline" },
    { onto: turnedGrid([9, 9, 9], 1), spacingMm: undefined },
  ] as const) {
    using volume = await uploadVolume(cramped(gpu, { slabVoxels: 64 }), gridOf([8, 8, 20]), voxels);
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }) => {
      seen.push(done);
      if (done === 3) controller.abort();
    };
    const control = { signal: controller.signal, onProgress };
    const target = "onto" in options ? { onto: options.onto } : { spacingMm: 0.5 };
    await expect(resample(volume, { ...options, ...target, ...control } as ResampleOptions)).rejects.toThrow(
      /abort/i,
    );
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
  }
});

const random3 = random(4);
test.each([
  ["a spacing of zero", (v) => resample(v, { spacingMm: 0 })],
  ["a spacing that is no number", (v) => resample(v, { spacingMm: Number.NaN })],
  ["a size of half voxels", (v) => resample(v, { size: [4, 2.5, 1] })],
  ["no target", (v) => resample(v, {} as ResampleOptions)],
  ["an unknown kernel", (v) => resample(v, { spacingMm: 1, kernel: "cubic" as ResampleKernel })],
  ["a border that is no HU", (v) => resample(v, { spacingMm: 1, border: { constantHu: 0.5 } })],
  [
    "a transform of 11 numbers",
    (v) => resample(v, { spacingMm: 1, transform: Array.from({ length: 11 }, random3) }),
  ],
  ["lanczos3 on a turned grid", (v) => resample(v, { onto: turnedGrid([4, 4, 4], 1), kernel: "lanczos3" })],
  [
    "several corners of one voxel",
    (v) =>
      crop(v, { from: [0, 0, 0], to: [1, 4, 4] }).then((c) =>
        resample(c, { size: [2, 4, 4], align: "corners" }).finally(() => c.destroy()),
      ),
  ],
  ["an empty crop", (v) => crop(v, { from: [1, 1, 1], to: [1, 2, 2] })],
  ["a crop that leaves the volume", (v) => crop(v, { from: [0, 0, 0], to: [4, 4, 5] })],
  ["padding by less than nothing", (v) => pad(v, { before: [-1, 0, 0], behind: [0, 0, 0], border: "clamp" })],
  ["two letters of one axis", (v) => reorient(v, { axes: "LRS" })],
  ["lower case letters", (v) => reorient(v, { axes: "lps" })],
] as [string, (volume: CtVolume) => Promise<unknown>][])("%s is refused", async (_, act) => {
  using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), noise([4, 4, 4], 1));
  await expect(act(volume)).rejects.toMatchObject({ code: "invalid-option" });
});
