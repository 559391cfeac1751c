import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { chooseSeries, encodeSegmentation, listSeries, readSegmentation } from "../../src/dicom/index.js";
import type { Segment } from "../../src/dicom/segmentation/segment.js";
import { chestPhantom, phantomSeries } from "../../src/phantom/index.js";
import { random } from "../support/volumes.js";

const hasDciodvfy = spawnSync("dciodvfy", []).error === undefined;

const phantom = chestPhantom({ size: [19, 15, 6], noiseHu: 0 });
const sources = Array.from(phantomSeries(phantom), ({ name, bytes }) => bytesSource(name, bytes));
const series = chooseSeries((await listSeries(sources)).series);
const [nx, ny, nz] = series.grid.size;

const next = random(5);
/** Three labels; the second is in two slices alone, and slice 0 is empty. */
const labels = Uint8Array.from({ length: nx * ny * nz }, (_, i) => {
  const z = Math.floor(i / (nx * ny));
  const label = z === 0 ? 0 : Math.floor(next() * 4);
  return label === 2 && z > 2 ? 0 : label;
});
const lung = { value: "39607008", scheme: "SCT", meaning: "Lung" };
const segments: readonly Segment[] = [
  {
    label: 1,
    name: "right lung",
    type: lung,
    modifier: { value: "24028007", scheme: "SCT", meaning: "Right" },
    color: [0.67, 0.85, 1],
  },
  { label: 2, name: "nodule", color: [1, 0, 0] },
  { label: 3, name: "airways", type: { value: "89187006", scheme: "SCT", meaning: "Airway structure" } },
];
const created = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
const file = (change: object = {}) => encodeSegmentation(series, { labels, segments, created, ...change });

async function codeOf(running: () => unknown): Promise<string> {
  try {
    await running();
    return "nothing thrown";
  } catch (error) {
    return isHounsfieldError(error) ? error.code : String(error);
  }
}

describe("a segmentation", () => {
  test("comes back as it was written, with its segments", async () => {
    const found = await readSegmentation(bytesSource("seg.dcm", file()), series.grid);
    expect(found.labels).toEqual(labels);
    expect(found.segments.map(({ label, name }) => [label, name])).toEqual([
      [1, "right lung"],
      [2, "nodule"],
      [3, "airways"],
    ]);
    expect(found.segments[0]).toMatchObject({ type: lung, modifier: { meaning: "Right" } });
    expect(found.segments[1].type?.meaning).toBe("Anatomical Structure");
    expect(found.studyInstanceUid).toBe(series.slices[0].studyInstanceUid);
  });

  test("labels that are not numbered from 1 are, in the order of the segments", async () => {
    const own = Uint16Array.from(labels, (label) => label * 300);
    const list = segments.map((segment) => ({ ...segment, label: segment.label * 300 }));
    const found = await readSegmentation(
      bytesSource("a", file({ labels: own, segments: list })),
      series.grid,
    );
    expect(found.labels).toEqual(labels);
  });

  test("the same content and date are the same bytes; another content has other UIDs", () => {
    expect(file()).toEqual(file());
    const other = file({ labels: labels.with(nx * ny, labels[nx * ny] === 1 ? 3 : 1) });
    expect(Buffer.compare(other, file())).not.toBe(0);
    const uidOf = (bytes: Uint8Array) => /2\.25\.\d+/.exec(Buffer.from(bytes).toString("latin1"))?.[0];
    expect(uidOf(other)).not.toBe(uidOf(file()));
  });

  test("names no patient unless it is told whose it is", () => {
    const text = (change: object = {}) => Buffer.from(file(change)).toString("latin1");
    expect(text()).not.toContain("PHANTOM");
    expect(text({ patient: { patientName: "Doe^Jane", patientId: "17" } })).toContain("Doe^Jane");
  });

  test.skipIf(!hasDciodvfy)("dciodvfy finds no error", () => {
    const folder = mkdtempSync(join(tmpdir(), "hounsfield-test-"));
    try {
      for (const patient of [undefined, { patientName: "Doe^Jane", patientId: "17", patientSex: "F" }]) {
        writeFileSync(join(folder, "seg.dcm"), file({ patient }));
        const { stdout, stderr } = spawnSync("dciodvfy", [join(folder, "seg.dcm")], { encoding: "utf8" });
        const said = `${stdout}${stderr}`;
        expect(said).toContain("Segmentation");
        expect(said.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ["labels of another size", { labels: labels.subarray(1) }, "invalid-option"],
    ["no label at all", { labels: new Uint8Array(labels.length) }, "invalid-option"],
    ["two segments of one label", { segments: [segments[0], segments[0]] }, "invalid-option"],
    ["a segment of label 0", { segments: [{ label: 0, name: "a" }] }, "invalid-option"],
    ["a color of bytes", { segments: [{ label: 1, name: "a", color: [255, 0, 0] }] }, "invalid-option"],
    ["a date that is none", { created: new Date(Number.NaN) }, "invalid-option"],
  ])("%s: refused", async (_, change, code) => expect(await codeOf(() => file(change))).toBe(code));

  test.each([
    ["no SOP Instance UID", { sopInstanceUid: undefined }, "malformed-dicom"],
    ["a UUID for a UID", { sopInstanceUid: "0f8fad5b-d9cb-469f-a165-70867728950e" }, "malformed-dicom"],
    ["a UID with a leading zero", { studyInstanceUid: "1.2.03" }, "malformed-dicom"],
    ["a UID of 65 characters", { seriesInstanceUid: `1.${"2".repeat(63)}` }, "malformed-dicom"],
    ["a UID of 64 characters", { seriesInstanceUid: `1.${"2".repeat(62)}` }, "nothing thrown"],
  ])("of slices with %s", async (_, change, code) => {
    const slices = series.slices.map((slice) => ({ ...slice, ...change }));
    expect(await codeOf(() => encodeSegmentation({ ...series, slices }, { labels, segments }))).toBe(code);
  });

  test("of another format's file, or of resampled slices, there is none", async () => {
    const files = [bytesSource("a.nii", new Uint8Array(1))];
    expect(await codeOf(() => encodeSegmentation({ ...series, files }, { labels, segments }))).toBe(
      "unsupported-image",
    );
  });
});

describe("reading", () => {
  const read = (bytes: Uint8Array, grid = series.grid) =>
    readSegmentation(bytesSource("seg.dcm", bytes), grid);

  test.each([
    ["of another size", { size: [nx, ny + 1, nz] as const }],
    [
      "half a voxel away",
      { originMm: series.grid.originMm.map((mm) => mm + 0.3) as unknown as [number, number, number] },
    ],
    ["of another spacing", { spacingMm: [9, 9, 9] as const }],
    ["turned over", { direction: [-1, 0, 0, 0, 1, 0, 0, 0, -1] }],
    ["with too few slices", { size: [nx, ny, 3] as const }],
  ])("onto a grid %s: wrong-grid", async (_, change) =>
    expect(await codeOf(() => read(file(), { ...series.grid, ...change }))).toBe("wrong-grid"),
  );

  test("a CT slice is no segmentation", async () => {
    expect(await codeOf(() => readSegmentation(sources[0], series.grid))).toBe("unsupported-image");
  });

  test("whatever is cut off or turned over gives a tagged error or labels", async () => {
    const whole = file();
    const codes = /^(truncated|malformed-dicom|unsupported-image|wrong-grid|not-dicom|nothing thrown)$/;
    for (let length = 0; length < whole.length; length += 97)
      expect(await codeOf(() => read(whole.subarray(0, length)))).toMatch(codes);
    for (let at = 132; at < whole.length; at += 41) {
      const bad = whole.slice();
      bad[at] ^= 0xff;
      expect(await codeOf(() => read(bad))).toMatch(codes);
    }
  });
});
