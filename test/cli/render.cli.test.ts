import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { hounsfield, readJson, sha256, temporaryFolder } from "../support/cli.js";
import { testEngine } from "../support/gpu.js";
import { hasPatients, patientFolder } from "../support/real_patients.js";
import { uploadVolume } from "../support/volumes.js";

/** Pictures to be looked at; nothing is compared with them. */
const pictures = fileURLToPath(new URL("../../out/pictures", import.meta.url));
const engine = testEngine();

function phantomFolder(size: readonly [number, number, number]): string {
  const folder = temporaryFolder();
  for (const { name, bytes } of phantomSeries(chestPhantom({ size })))
    writeFileSync(join(folder, name), bytes);
  return folder;
}

/** Renders on SwiftShader; the report, and the picture. */
async function render(study: string, out: string, ...options: string[]) {
  const args = ["render", study, "--out", out, "--software", "--json", ...options];
  const { code, stdout, stderr } = await hounsfield(args);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  const report = JSON.parse(stdout);
  return { report, bytes: readFileSync(report.outputs[0].file), stderr };
}

const rgbOf = (rgba: Uint8Array) => rgba.filter((_, i) => i % 4 !== 3);

test.each([
  [["render"], /expected one STUDY/],
  [["render", "a"], /--out FILE.png is missing/],
  [["render", "a", "--out", "b.jpg"], /--out takes a name that ends in \.png/],
  [["render", "a", "--out", "b.png", "--size", "512"], /--size takes WIDTHxHEIGHT/],
  [["render", "a", "--out", "b.png", "--projection", "mpr"], /--projection takes mip, .*oblique, got "mpr"/],
  [["render", "a", "--out", "b.png", "--window", "liver"], /--window takes lung, mediastinum, soft-tissue/],
  [
    ["render", "a", "--out", "b.png", "--window", "40,400"],
    /ambiguous: write --window LOW:HIGH .* or --wl CENTER,WIDTH/,
  ],
  [["render", "a", "--out", "b.png", "--window=-700,600"], /ambiguous/],
  [["render", "a", "--out", "b.png", "--window", "400:40"], /LOW below HIGH/],
  [["render", "a", "--out", "b.png", "--wl", "40,0"], /width 0, accepted .* a width above 0/],
  [["render", "a", "--out", "b.png", "--preset", "liver"], /--preset takes lung, soft-tissue, bone/],
  [["render", "a", "--out", "b.png", "--elevation", "91"], /elevationDeg: got 91, accepted -90\.\.90/],
  [["render", "a", "--out", "b.png", "--slab", "-3"], /--slab takes a thickness/],
  [["render", "a", "--out", "b.png", "--clip", "1,2,3"], /--clip takes 6 numbers/],
  [
    ["render", "a", "--out", "b.png", "--projection", "axial", "--azimuth", "9"],
    /--azimuth does nothing to .* axial/,
  ],
  [["render", "a", "--out", "b.png", "--slice", "9"], /--slice does nothing to .* mip, only to axial/],
  [["render", "a", "--out", "b.png", "--projection", "axial", "--frames", "9"], /--frames does nothing to/],
  [["render", "a", "--out", "b.png", "--device", "cpu"], /rendering needs WebGPU/],
])("%j is wrong usage: exit code 2", async (args, line) => {
  const { code, stderr, stdout } = await hounsfield(args);
  expect(stderr).toMatch(line);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect([code, stdout]).toEqual([2, ""]);
});

test("render --help tells of its options; --help of render", async () => {
  const { code, stdout } = await hounsfield(["render", "--help"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("--perspective DEG")]);
  expect((await hounsfield(["--help"])).stdout).toContain("render STUDY --out FILE.png");
});

test.skipIf(process.platform !== "linux")(
  "where a GPU is asked for and none is there: exit code 3",
  async () => {
    const study = phantomFolder([16, 16, 4]);
    const out = temporaryFolder();
    const env = { VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
    const args = ["render", study, "--out", join(out, "a.png"), "--device", "gpu"];
    const { code, stderr } = await hounsfield(args, { env });
    expect([code, stderr]).toEqual([3, expect.stringMatching(/rendering needs WebGPU.*\[no-gpu\]/)]);
    expect(readdirSync(out)).toEqual([]);
  },
);

describe("on the phantom", () => {
  test("the picture is what renderToPixels gives of the reported state, and stored states give it again", async () => {
    const size = [48, 48, 24] as const;
    const study = phantomFolder(size);
    const out = join(temporaryFolder(), "new");
    const looks = {
      mip: ["--azimuth", "30", "--elevation=-12.5", "--slab", "200,10", "--background", "0,0.1,0.3"],
      dvr: ["--preset", "bone", "--perspective", "30", "--no-shading", "--clip", "-150,-150,40,150,100,260"],
      oblique: [
        "--projection",
        "oblique",
        "--azimuth",
        "20",
        "--slab",
        "9",
        "--slab-kind",
        "average",
        "--pan",
        "3,-8",
      ],
      sagittal: ["--projection", "sagittal", "--position", "60", "--window", "lung", "--zoom", "1.5"],
    };
    const phantom = chestPhantom({ size });
    const voxels = new Int16Array(size[0] * size[1] * size[2]);
    for (let z = 0; z < size[2]; z++) voxels.set(phantom.slice(z), z * size[0] * size[1]);
    const volume = await uploadVolume(await engine(), phantom.grid, voxels);
    for (const [name, options] of Object.entries(looks)) {
      const state = join(out, `${name}.json`);
      const path = join(out, `${name}.png`);
      const { report, bytes } = await render(
        study,
        path,
        "--size",
        "72x56",
        ...options,
        "--save-state",
        state,
      );
      expect(report).toMatchObject({ widthPx: 72, heightPx: 56, diagnostics: [], series: { slices: 24 } });
      expect(report.outputs).toMatchObject([{ file: path, sha256: sha256(bytes) }, { file: state }]);
      expect(readJson(state)).toEqual(report.state);
      const { width, height, channels, data } = decode(bytes);
      expect([width, height, channels]).toEqual([72, 56, 3]);
      expect(new Set(data).size).toBeGreaterThan(20);
      const expected = rgbOf(await renderToPixels(volume, report.state, { width, height }));
      expect(Buffer.compare(Uint8Array.from(data), expected)).toBe(0);

      const again = await render(study, join(out, "again.png"), "--size", "72x56", "--state", state);
      expect(again.report.state).toEqual(report.state);
      expect(sha256(again.bytes)).toBe(sha256(bytes));
    }
    volume.destroy();
    const { report } = await render(
      study,
      join(out, "a.png"),
      "--size",
      "8x8",
      "--state",
      join(out, "mip.json"),
      "--azimuth",
      "5",
    );
    expect(report.state).toEqual({
      ...readJson(join(out, "mip.json")),
      camera: { ...report.state.camera, azimuthDeg: 5, elevationDeg: -12.5 },
    });
    expect(
      readdirSync(out).filter((name) => !/^(a|again|mip|dvr|oblique|sagittal)\.(png|json)$/.test(name)),
    ).toEqual([]);
  });

  test("--lungs shows the right lung red at the left, --cut-lungs leaves nothing else, --slice counts as volume.npy", async () => {
    const study = phantomFolder([96, 96, 36]);
    const out = temporaryFolder();
    mkdirSync(pictures, { recursive: true });
    const cut = ["--projection", "axial", "--slice", "18", "--lungs", "--window", "lung", "--size", "96x96"];
    const axial = await render(study, join(out, "axial.png"), ...cut);
    writeFileSync(join(pictures, "render-lungs.png"), axial.bytes);
    expect(axial.report.lungQuality.verdict).toBe("lungs");
    const { originMm, spacingMm } = chestPhantom({ size: [96, 96, 36] }).grid;
    expect(axial.report.state.mpr.pointMm[2]).toBeCloseTo(originMm[2] + 18 * spacingMm[2], 6);
    const { data } = decode(axial.bytes);
    const at = (x: number, y: number) => [0, 1, 2].map((c) => data[3 * (96 * y + x) + c]);
    const [right, left] = [at(28, 48), at(68, 48)];
    expect(right[0]).toBeGreaterThan(right[2] + 20);
    expect(left[2]).toBeGreaterThan(left[0] + 20);

    // The body's side, which is all skin and ribs, is lit in the one and cut away in the other.
    const rays = ["--wl=-700,600", "--size", "64x64"];
    const whole = decode((await render(study, join(out, "whole.png"), ...rays)).bytes).data;
    const lungs = decode((await render(study, join(out, "lungs.png"), ...rays, "--cut-lungs")).bytes).data;
    const lit = (values: ArrayLike<number>) =>
      Array.from({ length: 64 }, (_, x) => x).filter((x) => values[3 * (64 * 32 + x)] > 0);
    expect(lit(lungs).length).toBeGreaterThan(15);
    expect(lit(lungs)[0]).toBeGreaterThan(lit(whole)[0] + 3);
    expect(lit(lungs).at(-1)).toBeLessThan((lit(whole).at(-1) ?? 0) - 3);
  });

  test("--frames turns the camera once round", async () => {
    const study = phantomFolder([24, 24, 12]);
    const out = temporaryFolder();
    const { report, stderr } = await render(study, join(out, "turn.png"), "--frames", "3", "--size", "32x24");
    expect(stderr).toMatch(/draw +3\/3/);
    expect(readdirSync(out).sort()).toEqual(["turn-000.png", "turn-001.png", "turn-002.png"]);
    expect(report.outputs.map(({ file }: { file: string }) => file)).toEqual(
      [0, 1, 2].map((i) => join(out, `turn-00${i}.png`)),
    );
    const second = await render(study, join(out, "second.png"), "--azimuth", "120", "--size", "32x24");
    expect(sha256(second.bytes)).toBe(sha256(readFileSync(join(out, "turn-001.png"))));
    expect(new Set(report.outputs.map(({ sha256: hash }: { sha256: string }) => hash)).size).toBe(3);
  });

  test("a picture that shows nothing is said to", async () => {
    const study = phantomFolder([24, 24, 12]);
    const away = ["--clip", "900,900,900,950,950,950", "--size", "16x16"];
    const { report } = await render(study, join(temporaryFolder(), "a.png"), ...away);
    expect(report.diagnostics).toMatchObject([{ severity: "warning", code: "blank-picture" }]);
  });

  test("a volume longer than the device's textures is drawn coarser, and that is said", async () => {
    const study = phantomFolder([2100, 5, 4]);
    const out = join(temporaryFolder(), "a.png");
    const { report, stderr } = await render(study, out, "--projection", "coronal", "--size", "300x9");
    const reason = expect.stringMatching(
      /^2100 x 5 x 4 voxels are drawn as 1050 x 5 x 4, each the mean of 2 x 1 x 1/,
    );
    expect(report.downsampling).toEqual({ factors: [2, 1, 1], reason });
    expect(report.diagnostics).toMatchObject([{ severity: "warning", code: "downsampled", message: reason }]);
    expect(stderr.split("\n").filter((line) => line.includes("are drawn as"))).toHaveLength(1);
  });

  test("interrupted, it leaves nothing behind", async () => {
    const study = phantomFolder([64, 64, 32]);
    const out = temporaryFolder();
    const args = ["render", study, "--out", join(out, "a.png"), "--size", "900x900", "--software"];
    let told = false;
    const { code } = await hounsfield(args, {
      onStderr(child, stderr) {
        if (!told && /^load +32\/32/m.test(stderr)) told = child.kill("SIGINT");
      },
    });
    expect([code, readdirSync(out)]).toEqual([130, []]);
  });

  test.each([
    ['{ "projection": "mip", "slabMm": 3 }', /a key of the state: got "slabMm", accepted projection, window/],
    ['{ "overlays": [{ "mask": "liver" }] }', /mask "liver" is not known here; known are rightLung/],
    ['{ "projection": ', /JSON/],
  ])("the state file %s is refused in a line", async (text, line) => {
    const state = join(temporaryFolder(), "state.json");
    writeFileSync(state, text);
    const { code, stderr, stdout } = await hounsfield(["render", "a", "--out", "b.png", "--state", state]);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

test.skipIf(!hasPatients)("P001's skeleton (needs ../shared/data)", async () => {
  mkdirSync(pictures, { recursive: true });
  const out = join(temporaryFolder(), "bone.png");
  const options = ["--preset", "bone", "--azimuth", "30", "--elevation", "10", "--size", "96x96"];
  const { report, bytes } = await render(patientFolder("P001"), out, ...options);
  writeFileSync(join(pictures, "render-P001-bone.png"), bytes);
  expect(report).toMatchObject({ series: { slices: 148 }, diagnostics: [] });
  const { data } = decode(bytes);
  const lit = Array.from({ length: 96 * 96 }, (_, i) => data[3 * i]).filter((red) => red > 60).length;
  // Ribs, spine and shoulders with air between them.
  expect(lit).toBeGreaterThan(96 * 96 * 0.1);
  expect(lit).toBeLessThan(96 * 96 * 0.5);
});
