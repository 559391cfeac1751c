import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import dicomParser from "dicom-parser";
import { beforeAll, describe, expect, test } from "vitest";
import { parseNpy } from "../../src/formats/npy.js";
import { type ChestPhantom, chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { resampleReference, roundHalfAway } from "../reference/resample.js";
import { windowReference } from "../reference/window_slabs.js";
import { hounsfield, readJson, sha256, temporaryFolder } from "../support/cli.js";

const chest = chestPhantom({ size: [63, 64, 30] });
let files: { name: string; bytes: Uint8Array }[];
let voxels: Int16Array;

beforeAll(() => {
  files = [...phantomSeries(chest)];
  voxels = wholeVolume(chest);
});

function wholeVolume({ grid, slice }: ChestPhantom): Int16Array {
  const [nx, ny, nz] = grid.size;
  const hu = new Int16Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) hu.set(slice(k), k * nx * ny);
  return hu;
}

/** Writes the phantom's files, changed or left out as told, and gives the folder. */
function studyFolder(
  change: (name: string, bytes: Uint8Array) => Uint8Array | undefined = (_, bytes) => bytes,
): string {
  const folder = temporaryFolder();
  for (const { name, bytes } of files) {
    const changed = change(name, bytes);
    if (changed) writeFileSync(join(folder, name), changed);
  }
  return folder;
}

function npy(folder: string, name: string) {
  return parseNpy(readFileSync(join(folder, name)));
}

describe("preprocess on the phantom", () => {
  test("writes all that was asked for, equal to the plain twins", async () => {
    const study = studyFolder();
    mkdirSync(join(study, "notes"));
    writeFileSync(join(study, "notes", "readme.txt"), "not DICOM");
    const out = join(temporaryFolder(), "new", "results");
    const args = ["--spacing", "7", "--window", "-1000,400", "--lungs", "threshold", "--mip", "--json"];
    const { code, stdout, stderr } = await hounsfield(["preprocess", study, "--out", out, ...args]);
    expect(stderr).toMatch(/load +30\/30/);
    expect(code).toBe(0);
    const mips = ["axial", "coronal", "sagittal"].flatMap((plane) => [
      `mip-${plane}.npy`,
      `mip-${plane}.png`,
    ]);
    const expected = [
      "lungs.npy",
      ...mips,
      "report.json",
      "resampled.npy",
      "volume.npy",
      "windowed.npy",
    ].sort();
    expect(readdirSync(out).sort()).toEqual(expected);

    const volume = npy(out, "volume.npy");
    expect(volume.shape).toEqual([30, 64, 63]);
    expect(volume.data).toEqual(voxels);

    const report = readJson(join(out, "report.json"));
    expect(JSON.parse(stdout)).toEqual(report);
    const { sizeXyz, spacingXyzMm, originXyzMm, direction } = report.resampledGeometry;
    const grid = { size: sizeXyz, spacingMm: spacingXyzMm, originMm: originXyzMm, direction };
    const resampled = npy(out, "resampled.npy");
    expect(resampled.shape).toEqual([...sizeXyz].reverse());
    const exact = resampleReference(voxels, chest.grid, grid);
    const wrong = Array.from(resampled.data).filter((hu, i) => Math.abs(hu - exact[i]) > 0.501);
    expect(wrong).toEqual([]);
    expect(resampled.data[1000]).toBe(roundHalfAway(exact[1000]));

    const windowed = npy(out, "windowed.npy");
    expect(windowed.shape).toEqual(resampled.shape);
    expect(windowed.data).toEqual(windowReference(Int16Array.from(resampled.data), -1000, 400));

    const lungs = npy(out, "lungs.npy");
    expect(lungs.shape).toEqual(resampled.shape);
    const ml = (Array.from(lungs.data).reduce((sum, label) => sum + label, 0) * 7 ** 3) / 1000;
    expect(report.lungMl).toBeCloseTo(ml, 6);
    // The phantom's lungs and airways: 4.9 l by its own labels.
    expect(ml).toBeGreaterThan(2000);
    expect(ml).toBeLessThan(9000);

    expect(report.skipped.notDicom).toBe(1);
    expect(report.series.slices).toBe(30);
    expect(report.adapter.name + report.adapter.vendor).not.toBe("");
    const { history } = report;
    const source = { modality: "CT", slices: 30, ordering: "slice-location", repairs: [] };
    expect(history.volume).toMatchObject({ operation: "loadVolume", source, inputs: [] });
    expect(history.volume.adapter).toBe(report.adapter.name);
    const made = (name: string, operation: string, options: object, input: object) =>
      expect(history[name]).toEqual({
        ...history.volume,
        source: undefined,
        operation,
        options,
        inputs: [input],
      });
    made("resampled", "resample", { spacingMm: 7, antialias: false }, history.volume);
    made("windowed", "windowSlabs", { lowHu: -1000, highHu: 400 }, history.resampled);
    made("lungs", "lungMask", { method: "threshold" }, history.resampled);
    made("mip-coronal", "projectMaximum", { plane: "coronal" }, history.volume);
    for (const { file, sha256: hash, bytes } of report.outputs) {
      const content = readFileSync(join(out, file));
      expect([file, sha256(content), content.length]).toEqual([file, hash, bytes]);
    }
    const slice = report.inputs[7];
    expect(sha256(readFileSync(join(study, slice.file)))).toBe(slice.sha256);
  });

  test("the three projections are the exact maxima of the acquired volume", async () => {
    const out = temporaryFolder();
    const { code, stdout } = await hounsfield(["preprocess", studyFolder(), "--out", out, "--mip"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/mip-axial\.png/);
    expect(stdout).toMatch(/adapter: \S+/);
    const [nx, ny, nz] = chest.grid.size;
    const axial = new Int16Array(nx * ny).fill(-32768);
    for (let i = 0; i < nx * ny * nz; i++) axial[i % (nx * ny)] = Math.max(axial[i % (nx * ny)], voxels[i]);
    expect(npy(out, "mip-axial.npy").data).toEqual(axial);
    expect(npy(out, "mip-coronal.npy").shape).toEqual([nz, nx]);
    expect(npy(out, "mip-sagittal.npy").shape).toEqual([nz, ny]);
  });

  test("Ctrl-C ends it with 130 and leaves nothing behind", async () => {
    const out = join(temporaryFolder(), "results");
    let pressed = false;
    const { code, stderr } = await hounsfield(["preprocess", studyFolder(), "--out", out, "--spacing", "1"], {
      onStderr(child, said) {
        if (!pressed && said.includes("write volume")) pressed = child.kill("SIGINT");
      },
    });
    expect(stderr).toMatch(/interrupted/);
    expect(code).toBe(130);
    expect(readdirSync(out)).toEqual([]);
  });
});

/** Everything refused: the folder, what its one line must say. */
const refusals: [string, () => string, RegExp][] = [
  ["an empty folder", temporaryFolder, /empty.*\[no-dicom\]/],
  [
    "a folder without DICOM",
    () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "letter.txt"), "dear colleague");
      writeFileSync(join(folder, "second.txt"), "yours");
      return folder;
    },
    /none is DICOM.*letter\.txt.*\[no-dicom\]/,
  ],
  ["a folder that is not there", () => join(temporaryFolder(), "nowhere"), /nowhere.*\[io\]/],
  [
    "a truncated slice",
    () => studyFolder((name, bytes) => (name === "CT_0007.dcm" ? bytes.slice(0, bytes.length - 700) : bytes)),
    /CT_0007\.dcm.*\[truncated\]/,
  ],
  [
    "a slice whose code stream is damaged",
    () => studyFolder((name, bytes) => (name === "CT_0009.dcm" ? withDamage(bytes) : bytes)),
    /CT_0009\.dcm.*\[(decode-failed|truncated)\]/,
  ],
  [
    "a Git LFS pointer",
    () => {
      const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 263168\n";
      return studyFolder((name, bytes) =>
        name === "CT_0003.dcm" ? new TextEncoder().encode(pointer) : bytes,
      );
    },
    /CT_0003\.dcm.*Git LFS.*\[git-lfs-pointer\]/i,
  ],
  [
    "two series mixed",
    () => {
      const folder = studyFolder();
      for (const { name, bytes } of phantomSeries(chestPhantom({ size: [63, 64, 30], seed: 2 }))) {
        writeFileSync(join(folder, `other_${name}`), bytes);
      }
      return folder;
    },
    /other_CT_\d+\.dcm.*--series.*\[several-series\]/,
  ],
  [
    "a slice missing in the middle",
    () => studyFolder((_, bytes) => (isSlice(bytes, 12) ? undefined : bytes)),
    /CT_\d+\.dcm.*\[unfaithful-geometry\]/,
  ],
];

/** Sixty bytes of entropy-coded data overwritten by a marker that must not be there. */
function withDamage(bytes: Uint8Array): Uint8Array {
  const damaged = bytes.slice();
  for (let i = 0; i < 60; i += 2) damaged.set([0xff, 0xc4], (bytes.length >> 1) + i);
  return damaged;
}

function isSlice(bytes: Uint8Array, k: number): boolean {
  return dicomParser.parseDicom(bytes).intString("x00200013") === chest.grid.size[2] - k;
}

describe("refused with exit code 1, one line, and nothing written", () => {
  test.each(refusals)("%s", async (_, folder, line) => {
    const out = join(temporaryFolder(), "results");
    const { code, stdout, stderr } = await hounsfield(["preprocess", folder(), "--out", out]);
    const [message, ...more] = stderr
      .slice(stderr.indexOf("\nhounsfield: ") + 1)
      .trimEnd()
      .split("\n");
    expect(message).toMatch(line);
    expect(more).toEqual([]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(() => readdirSync(out)).toThrow(/ENOENT/);
  });
});
