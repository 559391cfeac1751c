import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, inject, test } from "vitest";
import { encodeGrayPng } from "../../src/formats/png.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { createProject } from "./support/project.js";
import { phantomOptions } from "./support/workshop.js";

/** The maximum of each row of voxels from the front to the back, as a PNG. */
async function expectedPng(): Promise<Uint8Array> {
  const { grid, slice } = chestPhantom(phantomOptions);
  const [columns, rows, slices] = grid.size;
  const hu = new Int16Array(columns * slices).fill(-32768);
  for (let z = 0; z < slices; z++) {
    const values = slice(z);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        hu[z * columns + x] = Math.max(hu[z * columns + x], values[y * columns + x]);
  }
  const [xMm, , zMm] = grid.spacingMm;
  const image = { width: columns, height: slices, spacingMm: [xMm, zMm] as const, flipRows: true };
  return encodeGrayPng(hu, { center: 300, width: 1500 }, image);
}

test("an ES module", async () => {
  const project = createProject("examples/node");
  const said = await project.run("node", "main.js", inject("dicom"));
  expect(said).toContain("95 x 96 x 40 voxels");
  const picture = decode(readFileSync(join(project.folder, "front.png")));
  expect(picture.data).toEqual(decode(await expectedPng()).data);
});

const EXPORTS_IN_USE = "[typeof hounsfield.openEngine, typeof hounsfield.folderSources].join()";

test("voxels for vtk.js, by the entry of adapters, and commands that need no engine", async () => {
  const script = `import { vtkImageArguments } from "hounsfield/adapters";
const grid = { size: [2, 1, 1], spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: [0, 1, 0, -1, 0, 0, 0, 0, 1] };
console.log(vtkImageArguments({ grid, data: Int16Array.of(1, 2) }).direction.join());`;
  const project = createProject("examples/node", { "script.mjs": script });
  expect(await project.run("node", "script.mjs")).toBe("0,-1,0,1,0,0,0,0,1\n");
  const clean = join(project.folder, "clean");
  const made = await project.run(
    "npx",
    "--no-install",
    "hounsfield",
    "deidentify",
    inject("dicom"),
    "--out",
    clean,
  );
  expect(made).toContain("40 files of 1 series of 1 patient");
  expect(await project.run("npx", "--no-install", "hounsfield", "audit", clean)).toContain(
    "nothing identifies",
  );
  expect(await project.run("npx", "--no-install", "hounsfield", "stats", clean)).toContain("As published");
});

test("import() in CommonJS", async () => {
  const script = `import("hounsfield").then((hounsfield) => console.log(${EXPORTS_IN_USE}));`;
  const project = createProject("examples/node", { "script.cjs": script });
  expect(await project.run("node", "script.cjs")).toBe("function,function\n");
});

test("require in CommonJS, where Node has require of ES modules", async () => {
  const script = `const hounsfield = require("hounsfield"); console.log(${EXPORTS_IN_USE});`;
  const project = createProject("examples/node", { "script.cjs": script });
  const [major, minor] = process.versions.node.split(".").map(Number);
  const requiresModules = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  const running = project.run("node", "--no-warnings", "script.cjs");
  if (requiresModules) expect(await running).toBe("function,function\n");
  else await expect(running).rejects.toThrow("ERR_REQUIRE_ESM");
});

test("the command line, by npx", async () => {
  const project = createProject("examples/node");
  const listing = await project.run("npx", "--no-install", "hounsfield", "info", inject("dicom"));
  expect(listing).toContain("95");
});

// As it is installed: neither Dawn nor a driver comes along.
test("the command line without webgpu: the CPU engine, and what to install where a GPU is asked for", async () => {
  const project = createProject("examples/node");
  const preprocess = (...options: string[]) =>
    project.run(
      "npx",
      "--no-install",
      "hounsfield",
      "preprocess",
      inject("dicom"),
      "--spacing",
      "5",
      ...options,
    );
  expect(await preprocess("--out", "volume")).toContain("no GPU found: using the CPU");
  await expect(preprocess("--out", "other", "--device", "gpu")).rejects.toThrow(/npm install webgpu@0\.6\.2/);
});

test("a data set by npx, with a recipe that comes along", async () => {
  const project = createProject("examples/node");
  const hounsfield = (...args: string[]) => project.run("npx", "--no-install", "hounsfield", ...args);
  const said = await hounsfield(
    "cohort",
    inject("dicom"),
    "--out",
    "cohort",
    "--recipe",
    "hu-1mm",
    "--workers",
    "1",
  );
  expect(said).toContain("1 of 1 studies done");
  expect(await hounsfield("verify", "cohort")).toMatch(/^\d+ files, 0 wrong$/m);
});
