import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { version } from "../../src/core/version.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { hounsfield, readJson, temporaryFolder } from "../support/cli.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each([
  [["frobnicate"], /no command "frobnicate"; there are info, preprocess, .* \(hounsfield --help\)/],
  [["preproces"], /no command "preproces"; did you mean "preprocess"\?/],
  [["preprocess"], /expected one STUDY/],
  [["preprocess", "a"], /--out DIR is missing/],
  [["preprocess", "a", "b", "--out", "c"], /expected one STUDY, got a, b/],
  [["preprocess", "a", "--out", "b", "--exact"], /--exact goes with --spacing/],
  [["preprocess", "a", "--out", "b", "--spacing", "0"], /--spacing takes a positive number, got "0"/],
  [["preprocess", "a", "--out", "b", "--window", "400:-1000"], /LOW below HIGH/],
  [["preprocess", "a", "--out", "b", "--window", "400,-1000"], /LOW below HIGH/],
  [["preprocess", "a", "--out", "b", "--window", "400"], /--window takes 2 numbers/],
  [["preprocess", "a", "--out", "b", "--lungs", "magic"], /--lungs takes "threshold"/],
  [["preprocess", "a", "--out", "b", "--format", "tiff"], /--format takes/],
  [
    ["preprocess", "a", "--out", "b", "--memory", "600"],
    /--memory takes a size like 600MB or 2GB, got "600"/,
  ],
  [["preprocess", "a", "--out", "b", "--memory", "0MB"], /--memory takes a size/],
  [["preprocess", "a", "--out", "b", "--device", "tpu"], /--device takes "auto", "gpu" or "cpu"/],
  [["preprocess", "a", "--out", "b", "--threads", "0"], /--threads takes a whole number/],
  [["preprocess", "a", "--out", "b", "--device", "cpu", "--software"], /--software is a GPU's/],
  [["preprocess", "a", "--out", "b", "--frob"], /unknown option "--frob" \(hounsfield preprocess --help\)/],
  [["preprocess", "a", "--otu", "b"], /unknown option "--otu"; did you mean "--out"\?/],
  [["preprocess", "a", "--out=b", "--windw=1:2"], /unknown option "--windw"; did you mean "--window"\?/],
  [["phantom", "--out", "b", "--size", "1,2"], /--size takes 3 numbers/],
])("%j is wrong usage: exit code 2", async (args, line) => {
  const { code, stderr, stdout } = await hounsfield(args);
  expect(stderr).toMatch(line);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

test.each([
  [["info", "nowhere", "--json"], 1, "io"],
  [["preprocess", "nowhere", "--out", "unused", "--json"], 1, "io"],
  [["preprocess", "--json"], 2, "usage"],
])("%j fails in JSON on stdout too, once", async (args, wanted, name) => {
  const { code, stdout, stderr } = await hounsfield(args);
  const { error } = JSON.parse(stdout);
  expect([code, error.code]).toEqual([wanted, name]);
  expect(stderr).toContain(error.message);
});

test("--help and --version answer on stdout with 0; nothing at all is wrong usage", async () => {
  expect(await hounsfield(["--help"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("preprocess STUDY"),
  });
  expect(await hounsfield(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  expect((await hounsfield([])).code).toBe(2);
  expect(readJson(join(root, "package.json")).version).toBe(version);
});

const commands = ["info", "preprocess", "render", "decode", "phantom", "cohort", "merge", "verify"];

test.each([["--help"], ...commands.map((name) => [name, "--help"])])(
  "%s %s fits 80 columns",
  async (...args) => {
    const { code, stdout } = await hounsfield(args);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain(args.length > 1 ? `Usage: hounsfield ${args[0]}` : "hounsfield COMMAND --help");
  },
);

test.each(commands)("every option in the help of %s is one that it takes", async (name) => {
  const { stdout } = await hounsfield(["help", name]);
  const options = stdout.match(/^ {2}--[a-z-]+/gm)?.map((option) => option.trim()) ?? [];
  expect(options).not.toEqual([]);
  // The first that is unknown is named.
  const { stderr } = await hounsfield([name, ...options, "--frobnicate"]);
  expect(stderr).toContain('unknown option "--frobnicate"');
});

test("info shows a series to a person and to a machine", async () => {
  const folder = temporaryFolder();
  expect((await hounsfield(["phantom", "--out", folder, "--size", "16,16,5"])).code).toBe(0);
  const person = await hounsfield(["info", folder]);
  expect(person.code).toBe(0);
  expect(person.stdout).toMatch(/5 slices of 16x16/);
  expect(person.stdout).toMatch(/spacing x, y, z +22\.4 x 22\.4 x 57\.6 mm/);
  expect(person.stdout).not.toMatch(/Phantom\^Chest/);
  const { stdout } = await hounsfield(["info", folder, "--json"]);
  const [series] = JSON.parse(stdout).series;
  expect(series).toMatchObject({ slices: 5, ordering: "slice-location", modality: "CT" });
  expect(series.files.map((file: { sliceLocation: number }) => file.sliceLocation)).toEqual([
    28.8, 86.4, 144, 201.6, 259.2,
  ]);
});

test("--series picks one of two", async () => {
  const folder = temporaryFolder();
  for (const seed of [1, 2]) {
    const chest = chestPhantom({ size: [16, 16, 4 + seed], seed });
    for (const { name, bytes } of phantomSeries(chest)) writeFileSync(join(folder, `${seed}_${name}`), bytes);
  }
  const out = temporaryFolder();
  const { code, stderr } = await hounsfield(["preprocess", folder, "--out", out, "--series", "2"]);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  expect(readJson(join(out, "report.json")).series.slices).toBe(5);
});

test.skipIf(process.platform !== "linux")(
  "without any adapter: the CPU engine, said in a line; where a GPU is asked for, exit code 3 and what to install",
  async () => {
    // The built command beside the one package it needs, SwiftShader's not there, and every Vulkan driver
    // hidden.
    const home = temporaryFolder();
    for (const part of ["bin", "dist", "package.json"])
      cpSync(join(root, part), join(home, part), { recursive: true });
    mkdirSync(join(home, "node_modules"));
    symlinkSync(join(root, "node_modules/webgpu"), join(home, "node_modules/webgpu"));
    const study = temporaryFolder();
    await hounsfield(["phantom", "--out", study, "--size", "16,16,4"]);
    const out = join(temporaryFolder(), "results");
    const hidden = { VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
    const options = { bin: join(home, "bin/hounsfield.js"), env: hidden };
    const wanted = ["preprocess", study, "--out", out, "--device", "gpu"];
    const { code, stderr } = await hounsfield(wanted, options);
    expect(stderr).toMatch(/\[no-gpu\]/);
    expect(stderr).toMatch(/npm install webgpu@\S+ @sparticuz\/chromium/);
    expect(code).toBe(3);
    expect(() => readFileSync(join(out, "report.json"))).toThrow(/ENOENT/);

    const auto = await hounsfield(["preprocess", study, "--out", out], options);
    expect([auto.code, auto.stderr]).toEqual([0, expect.stringMatching(/no GPU found: using the CPU/)]);
    expect(readJson(join(out, "report.json")).processor).toMatchObject({ processor: "cpu" });
  },
);
