import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { packedSize, type SentFile, sentFiles } from "../support/package_sizes.js";

vi.setConfig({ testTimeout: 300_000 });

const root = join(import.meta.dirname, "../..");
const table = readFileSync(join(root, "docs/performance.md"), "utf8");

/**
 * The row of docs/performance.md that begins so says this size, within 3 %, and this bound, which the size
 * keeps.
 */
function expectInTable(row: string, bytes: number, mostBytes: number): void {
  const line = table.split("\n").find((text) => text.startsWith(`| ${row} |`)) ?? "";
  const [stated, bound] = line
    .split("|")
    .slice(2, 4)
    .map((cell) => Number(cell.replace(/[^\d]/g, "")) * 100);
  const said = `"${row}" in docs/performance.md, which is ${(bytes / 1000).toFixed(1)} kB`;
  expect(bytes, said).toBeLessThanOrEqual(mostBytes);
  expect(bound, said).toBe(mostBytes);
  expect(Math.abs(stated - bytes), said).toBeLessThanOrEqual(Math.max(100, 0.03 * bytes));
}

const sum = (files: readonly SentFile[]) => files.reduce((bytes, file) => bytes + file.gzipBytes, 0);

test("what is downloaded and installed", () => {
  const { packedBytes, unpackedBytes } = packedSize();
  expectInTable("the package, packed", packedBytes, 1_600_000);
  // Nothing is installed with it: no dependency, and `webgpu` is an optional peer.
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
  expectInTable("the package, installed, with all that it depends on", unpackedBytes, 12_000_000);
});

test("dist/standalone/hounsfield.js", () => {
  const file = join(root, "dist/standalone/hounsfield.js");
  expectInTable("`dist/standalone/hounsfield.js`", statSync(file).size, 1_000_000);
  expectInTable("the same, gzipped", gzipSync(readFileSync(file), { level: 9 }).length, 500_000);
});

test("isHounsfieldError alone", async () => {
  const files = await sentFiles(
    'import { isHounsfieldError } from "hounsfield"; onerror = (_, __, ___, ____, error) => isHounsfieldError(error);',
  );
  expectInTable("`isHounsfieldError` alone", sum(files), 2000);
});

test("the core: reading, raw and JPEG Lossless decoding, volume, views", async () => {
  const files = await sentFiles(
    `import { attachOrbitControls, chooseSeries, createView, fileSources, listSeries, openEngine, openVolume } from "hounsfield";
    input.onchange = async () => {
      const series = chooseSeries((await listSeries(fileSources(input.files))).series);
      const { volume } = await openVolume(await openEngine({ device: "gpu" }), series);
      attachOrbitControls(createView(canvas, volume, { projection: "mip", window: "bone" }), canvas);
    };`,
    ["gpu_engine", "worker"],
  );
  const names = files.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["index", "gpu_engine", "worker"]));
  // What must come on demand: other codecs, the CPU engine, the operations' kernels.
  expect(names.join()).not.toMatch(/jpeg|htj2k|cpu|^ops|operation|inline/);
  expectInTable("the core", sum(files), 80_000);
});
