import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import dicomParser from "dicom-parser";
import { beforeAll, describe, expect, test } from "vitest";
import { positionMm, type Vec3 } from "../../src/core/grid.js";
import { type ChestPhantom, chestPhantom } from "../../src/phantom/chest.js";
import { TRANSFER_SYNTAX } from "../../src/phantom/dicom_write.js";
import { NODULE } from "../../src/phantom/lesions.js";
import { hash3, sliceNoise, valueNoise } from "../../src/phantom/noise.js";
import { phantomSeries, shuffledIndices } from "../../src/phantom/series.js";

describe("chest phantom", () => {
  const size: Vec3 = [96, 96, 60];
  let phantom: ChestPhantom;
  let hu: Int16Array;
  let labels: Uint8Array;

  beforeAll(() => {
    phantom = chestPhantom({ size });
    const slices = Array.from({ length: size[2] }, (_, k) => k);
    hu = Int16Array.from(slices.flatMap((k) => [...phantom.slice(k)]));
    labels = Uint8Array.from(slices.flatMap((k) => [...phantom.labels(k)]));
  });

  /** Mean HU of the voxels with centers within `radius` mm of a point of the anatomy. */
  function meanHu(center: Vec3, radius: number): number {
    let sum = 0;
    let count = 0;
    for (let at = 0; at < hu.length; at++) {
      const p = positionOf(at);
      if (Math.hypot(p[0] - center[0], p[1] - center[1], p[2] - center[2]) > radius) continue;
      sum += hu[at];
      count++;
    }
    expect(count).toBeGreaterThan(0);
    return sum / count;
  }

  function positionOf(at: number): Vec3 {
    const i = at % size[0];
    const j = Math.floor(at / size[0]) % size[1];
    return positionMm(phantom.grid, [i, j, Math.floor(at / (size[0] * size[1]))]);
  }

  function where(label: number): Vec3[] {
    return [...labels.keys()].filter((at) => labels[at] === label).map(positionOf);
  }

  test("the default grid is 256 x 256 x 96 of 1.4 x 1.4 x 3 mm, centered", () => {
    const { grid } = chestPhantom();
    expect(grid.size).toEqual([256, 256, 96]);
    expect(grid.spacingMm).toEqual([1.4, 1.4, 3]);
    expect(grid.originMm).toEqual([-178.5, -178.5, 1.5]);
  });

  test("a coarse size covers the same chest", () => {
    const { size: n, spacingMm } = phantom.grid;
    expect(n.map((count, axis) => count * spacingMm[axis])).toEqual([
      expect.closeTo(358.4, 3),
      expect.closeTo(358.4, 3),
      expect.closeTo(288, 3),
    ]);
  });

  test("tissues have the HU of a chest CT", () => {
    expect(meanHu([-80, 0, 130], 12)).toBeLessThan(-700);
    expect(meanHu([24, -34, 114], 20)).toBeCloseTo(42, -1);
    expect(meanHu([-70, -20, 40], 15)).toBeCloseTo(58, -1);
    expect(meanHu([0, 15, 230], 5)).toBeLessThan(-800);
    expect(meanHu([0, 64, 163], 6)).toBeGreaterThan(150);
    expect(meanHu([0, -150, 150], 10)).toBeCloseTo(-1000, -1);
  });

  test("the patient lies on the back: the table is at high y, the stomach's gas in front of its fluid", () => {
    expect(meanHu([0, 136, 150], 4)).toBeGreaterThan(-950);
    expect(meanHu([62, -52, 34], 6)).toBeLessThan(-800);
    expect(meanHu([62, -18, 34], 6)).toBeGreaterThan(-50);
  });

  test("the right lung is at low x, the larger one, and each has a plausible volume", () => {
    const litres = (label: number) =>
      (where(label).length * phantom.grid.spacingMm.reduce((a, b) => a * b)) / 1e6;
    const meanX = (label: number) => where(label).reduce((sum, p, _i, all) => sum + p[0] / all.length, 0);
    expect(meanX(1)).toBeLessThan(-50);
    expect(meanX(2)).toBeGreaterThan(50);
    expect(litres(1)).toBeGreaterThan(litres(2));
    for (const label of [1, 2]) {
      expect(litres(label)).toBeGreaterThan(1.2);
      expect(litres(label)).toBeLessThan(3.5);
    }
  });

  test("the lungs never touch each other", () => {
    const [nx, ny] = size;
    const steps = [1, nx, -nx, nx * ny, -nx * ny];
    const touching = labels.filter(
      (label, at) => label === 1 && steps.some((step) => labels[at + step] === 2),
    );
    expect(touching.length).toBe(0);
  });

  test("the airways are one connected tree that reaches both lungs", () => {
    const start = labels.lastIndexOf(3);
    const seen = new Set([start]);
    const [nx, ny] = size;
    for (const at of seen) {
      for (let step = 0; step < 27; step++) {
        const next =
          at + (step % 3) - 1 + ((Math.floor(step / 3) % 3) - 1) * nx + (Math.floor(step / 9) - 1) * nx * ny;
        if (labels[next] === 3) seen.add(next);
      }
    }
    const reached = [...seen].map(positionOf);
    expect(reached.some((p) => p[0] < -30)).toBe(true);
    expect(reached.some((p) => p[0] > 30)).toBe(true);
  });

  test("the nodule is soft tissue within the right lung", () => {
    expect(meanHu(NODULE.centerMm, 6)).toBeGreaterThan(-40);
    const near = where(1).filter((p) => Math.hypot(...p.map((v, axis) => v - NODULE.centerMm[axis])) < 5);
    expect(near.length).toBeGreaterThan(0);
  });

  test("outside the round field every value is -1024, inside none is beyond 12 bits", () => {
    for (let at = 0; at < hu.length; at += 7) {
      const [x, y] = positionOf(at);
      if (Math.hypot(x, y) > 179.3) expect(hu[at]).toBe(-1024);
    }
    const [low, high] = hu.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [0, 0]);
    expect(low).toBe(-1024);
    expect(high).toBeLessThanOrEqual(3071);
    expect(high).toBeGreaterThan(400);
  });

  test("the same seed gives the same voxels, another seed others", () => {
    expect(chestPhantom({ size }).slice(31)).toEqual(phantom.slice(31));
    expect(chestPhantom({ size, seed: 2 }).slice(31)).not.toEqual(phantom.slice(31));
  });

  test("sizes, spacings and slices out of range are refused", () => {
    const refused = expect.objectContaining({ code: "invalid-option" });
    expect(() => chestPhantom({ size: [0, 8, 8] })).toThrow(refused);
    expect(() => chestPhantom({ spacingMm: [1, 1, Number.NaN] })).toThrow(refused);
    expect(() => phantom.slice(size[2])).toThrow(refused);
  });
});

describe("phantom series", () => {
  const phantom = chestPhantom({ size: [24, 20, 9] });

  function stored(bytes: Uint8Array<ArrayBuffer>, transferSyntax: string): Uint16Array {
    const data = dicomParser.parseDicom(bytes);
    const pixels = data.elements.x7fe00010;
    if (pixels.encapsulatedPixelData) {
      const frame = Uint8Array.from(dicomParser.readEncapsulatedPixelDataFromFragments(data, pixels, 0));
      return Uint16Array.from(new Decoder().decode(frame.buffer, 0, frame.length, 2));
    }
    expect(transferSyntax).not.toContain(".4.");
    return new Uint16Array(bytes.slice(pixels.dataOffset, pixels.dataOffset + pixels.length).buffer);
  }

  test.each(Object.entries(TRANSFER_SYNTAX))(
    "%s: headers and pixels give the phantom back",
    (_name, transferSyntax) => {
      const uids = new Set<string | undefined>();
      const locations: number[] = [];
      for (const { bytes } of phantomSeries(phantom, { transferSyntax })) {
        const data = dicomParser.parseDicom(bytes);
        expect(data.string("x00020010")).toBe(transferSyntax);
        const location = data.floatString("x00201041")!;
        const k = Math.round((location - phantom.grid.originMm[2]) / phantom.grid.spacingMm[2]);
        expect([0, 1, 2].map((i) => data.floatString("x00200032", i))).toEqual(
          positionMm(phantom.grid, [0, 0, k]),
        );
        expect(data.intString("x00200013")).toBe(9 - k);
        const hu = Int16Array.from(stored(bytes, transferSyntax), (v) => v + data.floatString("x00281052")!);
        expect(hu).toEqual(phantom.slice(k));
        uids.add(data.string("x00080018"));
        locations.push(location);
      }
      expect(uids.size).toBe(9);
      expect(new Set(locations).size).toBe(9);
      // The order of the names is not that of the slices, in either direction.
      const ascending = [...locations].sort((a, b) => a - b);
      expect(locations).not.toEqual(ascending);
      expect(locations).not.toEqual(ascending.reverse());
    },
  );

  test("files are named in order and made one at a time", () => {
    let asked = 0;
    const counted: ChestPhantom = {
      ...phantom,
      slice(k) {
        asked++;
        return phantom.slice(k);
      },
    };
    const files = phantomSeries(counted);
    expect(files.next().value?.name).toBe("CT_0001.dcm");
    expect(asked).toBe(1);
    expect([...files].map(({ name }) => name).at(-1)).toBe("CT_0009.dcm");
  });

  test("an unknown transfer syntax is refused by name", () => {
    const files = phantomSeries(phantom, { transferSyntax: "1.2.840.10008.1.2.5" });
    expect(() => files.next()).toThrow("transfer syntax 1.2.840.10008.1.2.5");
  });

  test("a shuffle is a permutation that depends on its seed", () => {
    const order = shuffledIndices(40, 5);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(order).not.toEqual(shuffledIndices(40, 6));
    expect(order).toEqual(shuffledIndices(40, 5));
  });
});

describe("noise", () => {
  test("of a slice has mean 0, deviation 1, and neighbors that are alike", () => {
    const noise = sliceNoise(128, 128, 3, 7);
    const mean = noise.reduce((sum, v) => sum + v, 0) / noise.length;
    const variance = noise.reduce((sum, v) => sum + v * v, 0) / noise.length;
    const along = noise.reduce((sum, v, i) => sum + v * noise[(i + 1) % noise.length], 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.sqrt(variance)).toBeCloseTo(1, 1);
    expect(along).toBeGreaterThan(0.3);
  });

  test("value noise is smooth and stays within -1..1; hashes differ in every argument", () => {
    for (let i = 0; i < 500; i++) {
      const value = valueNoise(i * 0.37, i * 0.11, -i * 0.23, 3);
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
      expect(Math.abs(valueNoise(i * 0.37 + 0.001, i * 0.11, -i * 0.23, 3) - value)).toBeLessThan(0.005);
    }
    const hashes = [
      hash3(1, 2, 3, 4),
      hash3(2, 2, 3, 4),
      hash3(1, 3, 3, 4),
      hash3(1, 2, 4, 4),
      hash3(1, 2, 3, 5),
    ];
    expect(new Set(hashes).size).toBe(5);
  });
});
