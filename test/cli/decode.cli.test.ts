import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseNpy } from "../../src/formats/npy.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { hounsfield, sha256, temporaryFolder } from "../support/cli.js";
import { corpusManifest, corpusPath, hasCorpus } from "../support/dicom_data.js";
import { ctElements, EXPLICIT, element, file } from "../support/dicom_file.js";

const chest = chestPhantom({ size: [24, 20, 6] });

/** A folder with the phantom's slices, and the stored values of each by its file's name. */
function phantomFolder(transferSyntax?: string): { folder: string; values: Map<string, Uint16Array> } {
  const folder = temporaryFolder();
  const raw = phantomSeries(chest, { transferSyntax: EXPLICIT });
  const values = new Map<string, Uint16Array>();
  for (const { name, bytes } of phantomSeries(chest, { transferSyntax })) {
    writeFileSync(join(folder, name), bytes);
    const { bytes: plain } = raw.next().value!;
    values.set(name, new Uint16Array(plain.slice(-24 * 20 * 2).buffer));
  }
  return { folder, values };
}

/** Two frames of 2 x 3 samples of one byte, signed. */
function twoFrames(): Uint8Array {
  const fields = { "0028,0008": "2", "0028,0100": 8, "0028,0101": 8, "0028,0102": 7, "0028,0103": 1 };
  const pixels = Uint8Array.from([0, 1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -128]);
  return file({
    transferSyntax: EXPLICIT,
    elements: [...ctElements(fields), element("7fe0,0010", "OB", pixels)],
  });
}

const parsed = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("one JSON line a file, in order, with the values' hash and statistics", async () => {
  const { folder, values } = phantomFolder();
  const { code, stdout, stderr } = await hounsfield(["decode", folder, "--json"]);
  const lines = parsed(stdout);
  expect(lines.map(({ file }) => file)).toEqual([...values.keys()].sort().map((name) => `${folder}/${name}`));
  for (const { file, mean, ...line } of lines) {
    const wanted = values.get(file.slice(folder.length + 1))!;
    expect(line).toEqual({
      ok: true,
      transferSyntax: "1.2.840.10008.1.2.4.70",
      rows: 20,
      columns: 24,
      frames: 1,
      bitsAllocated: 16,
      valuesSha256: sha256(wanted),
      min: Math.min(...wanted),
      max: Math.max(...wanted),
    });
    expect(mean).toBeCloseTo(wanted.reduce((sum, value) => sum + value, 0) / wanted.length, 9);
  }
  expect(stderr).toMatch(/^decode +6\/6/);
  expect(code).toBe(0);
});

test("--out writes each as .npy under a safe name of its own, several frames as [frames, rows, columns]", async () => {
  const { folder, values } = phantomFolder();
  const [name] = values.keys();
  const nested = join(folder, "deep er");
  mkdirSync(nested);
  writeFileSync(join(nested, "CON.dcm"), readFileSync(join(folder, name)));
  writeFileSync(join(folder, "two.dcm"), twoFrames());
  writeFileSync(join(folder, "two.ima"), twoFrames());
  const out = join(temporaryFolder(), "values");
  const { code, stdout } = await hounsfield(["decode", folder, join(folder, name), "--json", "--out", out]);
  expect(code).toBe(0);
  const lines = parsed(stdout);
  const names = lines.map(({ npy }) => npy);
  expect(names).toEqual([
    ...[...values.keys()].sort().map((one) => one.replace(".dcm", ".npy")),
    "deep_er_CON.npy",
    "two.npy",
    "two-2.npy",
    name.replace(".dcm", "-2.npy"),
  ]);
  expect(readdirSync(out).sort()).toEqual([...names].sort());
  for (const { npy, valuesSha256, frames, bitsAllocated } of lines) {
    const { dtype, shape, data } = parseNpy(readFileSync(join(out, npy)));
    expect([dtype, shape]).toEqual(frames === 2 ? ["|i1", [2, 2, 3]] : ["<u2", [20, 24]]);
    expect(bitsAllocated).toBe(frames === 2 ? 8 : 16);
    expect(sha256(data)).toBe(valuesSha256);
  }
  const { data } = parseNpy(readFileSync(join(out, "two.npy")));
  expect([...data]).toEqual([0, 1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -128]);
});

test("what is refused has its line, ends nothing, and leaves no file; exit code 1", async () => {
  const { folder, values } = phantomFolder();
  const [first, second] = [...values.keys()].sort();
  writeFileSync(join(folder, first), readFileSync(join(folder, first)).subarray(0, -100));
  const stream = readFileSync(join(folder, second));
  stream.fill(0xff, stream.length - 60, stream.length - 20);
  writeFileSync(join(folder, second), stream);
  writeFileSync(join(folder, "notes.txt"), "no image");
  const out = join(temporaryFolder(), "values");
  const { code, stdout } = await hounsfield(["decode", folder, `${folder}/absent`, "--json", "--out", out]);
  expect(code).toBe(1);
  const lines = parsed(stdout);
  const refused = lines.filter(({ ok }) => !ok);
  expect(refused.map(({ file, error }) => [file, error.code])).toEqual([
    [`${folder}/${first}`, "truncated"],
    [`${folder}/${second}`, expect.stringMatching(/^(decode-failed|truncated)$/)],
    [`${folder}/notes.txt`, "not-dicom"],
    [`${folder}/absent`, "io"],
  ]);
  expect(refused[1].error).toMatchObject({ frame: 0, transferSyntax: "1.2.840.10008.1.2.4.70" });
  for (const { file, error } of refused) expect(error.message.startsWith(`${file}: `)).toBe(true);
  expect(lines.length - refused.length).toBe(4);
  expect(readdirSync(out)).toHaveLength(4);
});

test("for people: a table, then what was refused and why", async () => {
  const { folder } = phantomFolder("1.2.840.10008.1.2");
  writeFileSync(join(folder, "two.dcm"), twoFrames());
  writeFileSync(join(folder, "empty.dcm"), "");
  const { code, stdout } = await hounsfield(["decode", folder]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/CT_0001\.dcm +1\.2\.840\.10008\.1\.2 +20 x 24 +16 +\d+ to \d+, mean \d/);
  expect(stdout).toMatch(/two\.dcm .* 2 x 2 x 3 +8 +-128 to 5, mean -10\.7/);
  expect(stdout).toMatch(/refused: .*empty\.dcm: is empty \[truncated\]\n\n7 decoded, 1 refused\n$/);
});

test("nothing to decode is a usage error", async () => {
  const { code, stderr } = await hounsfield(["decode", "--json"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/expected FILES, got none/);
});

test("an empty folder is no error", async () => {
  const { code, stdout } = await hounsfield(["decode", temporaryFolder(), "--json"]);
  expect([code, stdout]).toEqual([0, ""]);
});

test("interrupted: exit code 130, and nothing is left behind", async () => {
  const { folder } = phantomFolder();
  const many = join(folder, "many");
  mkdirSync(many);
  for (let i = 0; i < 300; i++)
    writeFileSync(join(many, `${i}.dcm`), readFileSync(join(folder, "CT_0001.dcm")));
  const out = join(temporaryFolder(), "values");
  const { code, stderr, stdout } = await hounsfield(["decode", folder, "--out", out, "--json"], {
    // Once: a second one ends the process without cleaning up.
    onStdout: (child) => !child.killed && child.kill("SIGINT"),
  });
  expect([code, stderr]).toEqual([130, expect.stringContaining("interrupted")]);
  expect(stdout.split("\n").length).toBeLessThan(300);
  expect(readdirSync(join(out, ".."))).toEqual(["values"]);
  expect(readdirSync(out)).toEqual([]);
});

test("whoever read the output is gone: it ends without a stack", async () => {
  const { folder } = phantomFolder();
  const { code, stderr } = await hounsfield(["decode", folder, folder, folder, "--json"], {
    onStdout: (child) => child.stdout?.destroy(),
  });
  expect(stderr).not.toMatch(/EPIPE|at .*\.js:/);
  expect([0, 130]).toContain(code);
});

test.skipIf(!hasCorpus)("the corpus as the manifest has it (needs ../shared/data)", async () => {
  const folders = ["bits", "codestreams", "encapsulation", "ts"];
  const { stdout } = await hounsfield(["decode", ...folders.map(corpusPath), "--json"]);
  const lines = new Map(parsed(stdout).map((line) => [line.file, line]));
  let compared = 0;
  for (const row of corpusManifest()) {
    if (!folders.some((folder) => row.file.startsWith(`${folder}/`)) || row.expected !== "decode") continue;
    const line = lines.get(corpusPath(row.file));
    expect(line, row.file).toMatchObject({
      ok: true,
      transferSyntax: row.transfer_syntax.split(" ")[0],
      rows: Number(row.rows),
      columns: Number(row.cols),
      frames: Number(row.frames || 1),
      bitsAllocated: Number(row.bits_allocated),
      valuesSha256: row.values_sha256,
      // The bare code streams have no statistics in the manifest.
      ...(row.min !== "" && { min: Number(row.min), max: Number(row.max) }),
    });
    compared++;
  }
  expect(compared).toBeGreaterThan(40);
});
