import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { cross } from "../../src/core/vec3.js";
import { readSegmentation } from "../../src/dicom/segmentation/read_segmentation.js";
import { parseMetaImage } from "../../src/formats/metaimage/parse_metaimage.js";
import { parseNifti } from "../../src/formats/nifti/parse_nifti.js";
import { parseNpy } from "../../src/formats/npy.js";
import { parseNrrd } from "../../src/formats/nrrd/parse_nrrd.js";
import { hounsfield, readJson, sha256, temporaryFolder } from "../support/cli.js";
import { expectGrid } from "../support/expect_grid.js";

// Files of other programs at both ends of the command line.

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const hasNibabel = has("python3", "-c", "import nibabel");
const hasDcm2niix = spawnSync("dcm2niix", ["-h"]).error === undefined;
const hasNiftiTool = spawnSync("nifti_tool", ["-help"]).error === undefined;

async function phantom(size: string): Promise<string> {
  const study = join(temporaryFolder(), "study");
  expect((await hounsfield(["phantom", "--out", study, "--size", size])).code).toBe(0);
  return study;
}

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await hounsfield([...args, "--json"]);
  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  return stdout;
}

const read = (...path: string[]) => new Uint8Array(readFileSync(join(...path)));

test("preprocess writes every array in every format, with its place, the same bytes each time", async () => {
  const study = await phantom("33,32,20");
  const [out, again] = [temporaryFolder(), temporaryFolder()];
  const args = ["--format", "npy,nifti,nii,nrrd,mha", "--lungs", "threshold", "--mip", "--device", "cpu"];
  const wanted = [...args, "--spacing", "9", "--window", "-1000:400"];
  const report = JSON.parse(await run("preprocess", study, "--out", out, ...wanted));
  await run("preprocess", study, "--out", again, ...wanted);
  const names = ["volume", "resampled", "windowed", "lungs"];
  for (const name of names) {
    const { data, shape } = parseNpy(read(out, `${name}.npy`));
    const geometry = name === "volume" ? report.geometry : report.resampledGeometry;
    const { sizeXyz, spacingXyzMm, originXyzMm, direction } = geometry;
    expect([...shape].reverse()).toEqual(sizeXyz);
    const grid = { size: sizeXyz, spacingMm: spacingXyzMm, originMm: originXyzMm, direction };
    const nrrd = name === "lungs" ? "lungs.seg.nrrd" : `${name}.nrrd`;
    for (const [image, tolerance] of [
      [parseNifti(read(out, `${name}.nii`)), 1e-3],
      [parseNifti(gunzipSync(read(out, `${name}.nii.gz`))), 1e-3],
      [await parseNrrd(read(out, nrrd)), 1e-9],
      [await parseMetaImage(read(out, `${name}.mha`)), 1e-9],
    ] as const) {
      expectGrid(image.grid, grid, tolerance);
      expect(image).toMatchObject({ slope: 1, intercept: 0 });
      expect(sha256(image.volumes[0])).toBe(sha256(data));
    }
  }
  expect(
    readdirSync(out)
      .filter((file) => file.startsWith("mip"))
      .sort(),
  ).toEqual(["axial", "coronal", "sagittal"].flatMap((plane) => [`mip-${plane}.npy`, `mip-${plane}.png`]));
  expect(readJson(join(again, "report.json")).outputs).toEqual(report.outputs);
  for (const { file, sha256: hash } of report.outputs) expect(sha256(read(out, file))).toBe(hash);
  // A gzip header of no name, no time and no system.
  expect(Array.from(read(out, "volume.nii.gz").subarray(3, 10))).toEqual([0, 0, 0, 0, 0, 4, 255]);
  const { affineRas } = report.geometry;
  expect(affineRas[0][0]).toBe(-report.geometry.spacingXyzMm[0]);
  expect(affineRas[2][3]).toBe(report.geometry.originXyzMm[2]);
});

test("convert there and back: what comes out of a file is what went in", async () => {
  const study = await phantom("17,16,9");
  const folder = temporaryFolder();
  const file = (name: string) => join(folder, name);
  const { geometry } = JSON.parse(await run("convert", study, file("a.npy")));
  const wanted = parseNpy(read(file("a.npy"))).data;
  let from = study;
  for (const name of ["a.nii.gz", "a.nrrd", "a.mha", "a.nii"]) {
    const report = JSON.parse(await run("convert", from, file(name)));
    expectGrid(gridOf(report.geometry), gridOf(geometry), 1e-3);
    from = file(name);
  }
  await run("convert", from, file("b.npy"));
  expect(sha256(parseNpy(read(file("b.npy"))).data)).toBe(sha256(wanted));
  // The whole chain takes them too, and says which file it read.
  const out = temporaryFolder();
  const report = JSON.parse(
    await run("preprocess", file("a.nii.gz"), "--out", out, "--spacing", "20", "--device", "cpu"),
  );
  expect(report.inputs).toEqual([
    { file: "a.nii.gz", bytes: read(file("a.nii.gz")).length, sha256: sha256(read(file("a.nii.gz"))) },
  ]);
  expect(report.values.units).toBe("HU");
  const words = (await hounsfield(["info", file("a.mha")])).stdout;
  expect(words).toContain('series 1 of 1: image "a.mha", 9 slices of 17x16\n');
  expect(words).toMatch(/ {2}format +MetaImage\n/);
  expect(words).not.toMatch(/transfer syntax|kernel|UID|modality/);
  const info = JSON.parse(await run("info", file("a.mha")));
  expect(info.series[0].geometry.sizeXyz).toEqual([17, 16, 9]);
});

test("PNG stacks hold every value, one file a slice", async () => {
  const study = await phantom("33,32,6");
  const out = temporaryFolder();
  const args = ["--format", "npy,png", "--lungs", "threshold", "--window", "-1000:400", "--device", "cpu"];
  const report = JSON.parse(await run("preprocess", study, "--out", out, ...args));
  for (const [name, of] of [
    ["volume", (hu: number) => hu + 32768],
    ["windowed", (share: number) => Math.round(share * 255)],
    ["lungs", (label: number) => label],
  ] as const) {
    const { data } = parseNpy(read(out, `${name}.npy`));
    for (let z = 0; z < 6; z++) {
      const slice = data.subarray(z * 33 * 32, (z + 1) * 33 * 32) as Int16Array;
      expect(grayOf(read(out, `${name}-000${z}.png`))).toEqual(Array.from(slice, of));
    }
  }
  expect(report.outputs).toHaveLength(3 + 3 * 6);
  const floats = await hounsfield([
    "preprocess",
    study,
    "--out",
    out,
    "--format",
    "png",
    "--dtype",
    "float32",
  ]);
  expect(floats.code).toBe(1);
  expect(floats.stderr).toContain("[unsupported-image]");
});

test("the lungs as a DICOM Segmentation of the slices, and as surfaces", async () => {
  const study = await phantom("64,64,30");
  const out = temporaryFolder();
  const args = ["--format", "npy,seg,stl,ply", "--lungs", "--device", "cpu"];
  const report = JSON.parse(await run("preprocess", study, "--out", out, ...args));
  const { sizeXyz, spacingXyzMm, originXyzMm, direction } = report.geometry;
  const grid = { size: sizeXyz, spacingMm: spacingXyzMm, originMm: originXyzMm, direction };
  const { labels, segments } = await readSegmentation(bytesSource("seg", read(out, "lungs.seg.dcm")), grid);
  expect(sha256(labels)).toBe(sha256(parseNpy(read(out, "lungs.npy")).data));
  expect(segments.map(({ name }) => name)).toEqual(["right lung", "left lung", "airways"]);
  const voxelMm3 = spacingXyzMm.reduce((product: number, mm: number) => product * mm, 1);
  for (const [i, part] of ["right", "left", "airways"].entries()) {
    const voxels = labels.filter((label) => label === i + 1).length;
    const { edges, mm3 } = surfaceOf(read(out, `lungs-${part}.stl`));
    // Closed and oriented: of two triangles each edge, one way by the one, the other way by the other.
    expect(edges.size).toBeGreaterThan(100);
    for (const [edge, count] of edges)
      expect([count, edges.get(edge.split(">").reverse().join(">"))]).toEqual([1, 1]);
    // Airways are two voxels wide here: half a voxel less of them is much.
    expect(mm3).toBeGreaterThan(0);
    if (part !== "airways") expect(Math.abs(mm3 / (voxels * voxelMm3) - 1)).toBeLessThan(0.05);
    expect(report.outputs.map(({ file }: { file: string }) => file)).toContain(`lungs-${part}.ply`);
  }
  expect(await hounsfield(["preprocess", study, "--out", out, "--format", "stl"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--format stl goes with --lungs"),
  });
  const cannot = await hounsfield([
    "preprocess",
    study,
    "--out",
    out,
    "--format",
    "seg",
    "--lungs",
    "--spacing",
    "2",
  ]);
  expect(cannot).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--format seg goes with --lungs"),
  });
});

/** How often each directed edge is there, and the volume within. */
function surfaceOf(stl: Uint8Array): { edges: Map<string, number>; mm3: number } {
  const view = new DataView(stl.buffer, stl.byteOffset, stl.byteLength);
  const edges = new Map<string, number>();
  let mm3 = 0;
  for (let at = 84; at < stl.length; at += 50) {
    const [a, b, c] = [12, 24, 36].map((corner) =>
      [0, 4, 8].map((row) => view.getFloat32(at + corner + row, true)),
    );
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
    ])
      edges.set(`${from}>${to}`, (edges.get(`${from}>${to}`) ?? 0) + 1);
    const normal = cross([b[0], b[1], b[2]], [c[0], c[1], c[2]]);
    mm3 += (a[0] * normal[0] + a[1] * normal[1] + a[2] * normal[2]) / 6;
  }
  return { edges, mm3 };
}

/** Samples of a gray PNG whose rows are filtered by "Up". */
function grayOf(png: Uint8Array): number[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height, bytes] = [view.getUint32(16), view.getUint32(20), png[24] / 8];
  const rows = inflateSync(png.subarray(41, 41 + view.getUint32(33)));
  const pitch = width * bytes;
  const samples: number[] = [];
  let above = new Uint8Array(pitch);
  for (let y = 0; y < height; y++) {
    expect(rows[y * (pitch + 1)]).toBe(2);
    const line = rows.subarray(y * (pitch + 1) + 1, (y + 1) * (pitch + 1));
    const own = Uint8Array.from(line, (byte, i) => byte + above[i]);
    for (let x = 0; x < width; x++) samples.push(bytes === 2 ? own[2 * x] * 256 + own[2 * x + 1] : own[x]);
    above = own;
  }
  return samples;
}

test("a header on the command line brings its voxels with it", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "raw"));
  writeFileSync(
    join(folder, "raw/a.raw"),
    new Uint8Array(Int16Array.from({ length: 60 }, (_, i) => i).buffer),
  );
  const lines = ["NDims = 3", "DimSize = 5 4 3", "ElementSpacing = 1 1 2", "ElementType = MET_SHORT"];
  writeFileSync(join(folder, "a.mhd"), `${[...lines, "ElementDataFile = raw/a.raw"].join("\n")}\n`);
  await run("convert", join(folder, "a.mhd"), join(folder, "a.npy"));
  expect(Array.from(parseNpy(read(folder, "a.npy")).data)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  // Nothing outside of the folder is opened.
  writeFileSync(join(folder, "raw/b.mhd"), `${[...lines, "ElementDataFile = ../raw/a.raw"].join("\n")}\n`);
  expect((await hounsfield(["info", join(folder, "raw/b.mhd"), "--json"])).code).toBe(1);
});

test.each([
  [["convert", "a"], /expected STUDY and OUT/],
  [["convert", "a", "b.tiff"], /OUT takes a name that ends in .nii.gz/],
  [["convert", "a", ".nii"], /OUT takes a name/],
  [["preprocess", "a", "--out", "b", "--format", "npy,tiff"], /--format takes npy, nifti/],
])("%j is wrong usage", async (args, line) => {
  const { code, stderr } = await hounsfield(args);
  expect(stderr).toMatch(line);
  expect(code).toBe(2);
});

describe("as other programs see it", () => {
  test.skipIf(!hasNibabel)("nibabel: axes, units, codes and values of a NIfTI", async () => {
    const study = await phantom("17,16,9");
    const folder = temporaryFolder();
    await run("convert", study, join(folder, "a.nii.gz"));
    await run("convert", study, join(folder, "a.npy"));
    const script = `
import nibabel, numpy, json, sys
image = nibabel.load(sys.argv[1] + "/a.nii.gz")
array = numpy.load(sys.argv[1] + "/a.npy")
data = numpy.asanyarray(image.dataobj)
print(json.dumps({
  "codes": [int(image.header["sform_code"]), int(image.header["qform_code"])],
  "units": list(image.header.get_xyzt_units()), "axes": list(nibabel.aff2axcodes(image.affine)),
  "dtype": str(data.dtype), "same": bool((data.transpose(2, 1, 0) == array).all()),
  "apart": float(abs(image.get_sform() - image.get_qform()).max())}))`;
    const found = JSON.parse(execFileSync("python3", ["-c", script, folder], { encoding: "utf8" }));
    expect(found).toMatchObject({ codes: [1, 1], axes: ["L", "P", "S"], dtype: "int16", same: true });
    expect(found.units[0]).toBe("mm");
    expect(found.apart).toBeLessThan(1e-4);
  });

  test.skipIf(!hasNiftiTool)("nifti_tool finds nothing wrong with the header", async () => {
    const folder = temporaryFolder();
    await run("convert", await phantom("17,16,9"), join(folder, "a.nii"));
    const said = execFileSync("nifti_tool", ["-check_hdr", "-check_nim", "-infiles", join(folder, "a.nii")], {
      encoding: "utf8",
    });
    expect(said).toMatch(/header IS GOOD/);
    expect(said).toMatch(/nifti_image IS GOOD/);
  });

  test.skipIf(!hasDcm2niix)(
    "dcm2niix of the same series is the same volume, its rows turned over",
    async () => {
      const study = await phantom("17,16,9");
      const folder = temporaryFolder();
      await run("convert", study, join(folder, "ours.npy"));
      const { geometry } = JSON.parse(await run("convert", study, join(folder, "ours.nii.gz")));
      execFileSync("dcm2niix", ["-z", "n", "-f", "theirs", "-o", folder, study]);
      const theirs = JSON.parse(await run("convert", join(folder, "theirs.nii"), join(folder, "theirs.npy")));
      expect(sha256(read(folder, "theirs.npy"))).toBe(sha256(read(folder, "ours.npy")));
      expectGrid(gridOf(theirs.geometry), gridOf(geometry), 1e-3);
    },
  );
});

interface Geometry {
  readonly sizeXyz: readonly [number, number, number];
  readonly spacingXyzMm: readonly [number, number, number];
  readonly originXyzMm: readonly [number, number, number];
  readonly direction: readonly number[];
}

function gridOf({ sizeXyz, spacingXyzMm, originXyzMm, direction }: Geometry) {
  return { size: sizeXyz, spacingMm: spacingXyzMm, originMm: originXyzMm, direction };
}
