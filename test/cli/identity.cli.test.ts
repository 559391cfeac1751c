import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { hounsfield, sha256, temporaryFolder } from "../support/cli.js";
import { CT_PIXELS, ctElements, ctFile, DEFLATED, element, file, joined } from "../support/dicom_file.js";

const COVID_CT_MD = new URL("../../../shared/data/covid-ct-md/", import.meta.url).pathname;
const P001 = join(COVID_CT_MD, "COVID-19 subjects/P001");
const hasPatients = existsSync(P001);
const hasDciodvfy = spawnSync("dciodvfy", ["-h"]).error === undefined;

/** Two patients: three slices each, a localizer, one with text burned in, one deflated. */
function dataSet(): string {
  const home = temporaryFolder();
  for (const [p, name] of ["Doe^Jane", "Roe^John"].entries()) {
    const folder = join(home, name.toLowerCase());
    mkdirSync(folder);
    const fields = (k: number) => ({
      "0008,0018": `1.2.3.${p}.${k}`,
      "0008,0020": "20200305",
      "0010,0010": name,
      "0010,0020": `ID-${p}99`,
      "0020,000d": `1.2.3.${p}`,
      "0020,000e": `1.2.3.${p}.9`,
      "0020,0032": `0\\0\\${2 * k}`,
      "0020,1041": String(2 * k),
    });
    // Names run against the slices.
    for (let k = 0; k < 3; k++) writeFileSync(join(folder, `${9 - k}.dcm`), ctFile(fields(k)));
    writeFileSync(
      join(folder, "scout.dcm"),
      ctFile({ ...fields(7), "0008,0008": "ORIGINAL\\PRIMARY\\LOCALIZER" }),
    );
    writeFileSync(join(folder, "page.dcm"), ctFile({ ...fields(3), "0028,0301": "YES" }));
    const elements = [...ctElements(fields(4)), element("7fe0,0010", "OW", CT_PIXELS)];
    const deflated = file({ transferSyntax: DEFLATED, elements: [deflateRawSync(joined(elements))] });
    writeFileSync(join(folder, "packed.dcm"), deflated);
  }
  return home;
}

const all = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

test("two patients: each under a pseudonym, slices in order, what may show them left out", async () => {
  const home = dataSet();
  const out = join(temporaryFolder(), "out");
  const key = join(temporaryFolder(), "key");
  writeFileSync(key, "a secret of many letters");
  const made = await hounsfield(["deidentify", home, "--out", out, "--key-file", key, "--json"]);
  expect(made.code).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({
    patients: 2,
    series: 2,
    files: 8,
    leftOut: { otherImages: 2, burnedIn: 2, broken: 0 },
  });
  const files = all(out);
  expect(files).toHaveLength(8);
  expect(files[0]).toMatch(/ANON-[\da-f]{12}\/series-\d\/0001\.dcm$/);
  for (const path of files) expect(readFileSync(path, "latin1")).not.toMatch(/Doe|Jane|Roe|ID-\d99|20200305/);
  expect(made.stdout + made.stderr).not.toMatch(/doe|roe|jane/i);
  // The same key, the same pseudonyms; another key, others.
  const again = join(temporaryFolder(), "out");
  await hounsfield(["deidentify", home, "--out", again, "--key-file", key]);
  const hashes = (folder: string) =>
    all(folder).map((path) => [path.slice(folder.length), sha256(readFileSync(path))]);
  expect(hashes(again)).toEqual(hashes(out));
  const other = join(temporaryFolder(), "out");
  await hounsfield(["deidentify", home, "--out", other]);
  expect(all(other).map((path) => path.slice(other.length))).not.toEqual(
    files.map((path) => path.slice(out.length)),
  );
  const audit = await hounsfield(["audit", out, "--json"]);
  expect([audit.code, JSON.parse(audit.stdout).studies]).toMatchObject([
    0,
    [{ findings: [] }, { findings: [] }],
  ]);
});

test("an audit names studies by number, shows no value, and ends with 1", async () => {
  const { code, stdout, stderr } = await hounsfield(["audit", dataSet()]);
  expect(code).toBe(1);
  expect(stdout).toContain("study-0002: 6 files, identity is left");
  expect(stdout).toMatch(/\(0010,0010\) +Patient's Name +Z +6\/6 +Aaa\^Aaaa/);
  expect(stdout).toContain("[burned-in-annotation]");
  expect(stdout + stderr).not.toMatch(/jane|roe\^|20200305/i);
});

test("wrong usage", async () => {
  const out = join(temporaryFolder(), "out");
  const short = join(temporaryFolder(), "key");
  writeFileSync(short, "short");
  for (const args of [
    ["--dates", "never"],
    ["--retain", "patient,names"],
    ["--key-file", short],
  ])
    expect((await hounsfield(["deidentify", dataSet(), "--out", out, ...args])).code).toBe(2);
  expect(existsSync(out)).toBe(false);
});

test.skipIf(!hasPatients)("P001: nothing of it is left, every value is the same", async () => {
  const out = join(temporaryFolder(), "out");
  expect((await hounsfield(["deidentify", P001, "--out", out, "--retain", "patient"])).code).toBe(0);
  const files = all(out);
  expect(files).toHaveLength(148);
  for (const path of files.slice(0, 5)) {
    const text = readFileSync(path, "latin1");
    expect(text).not.toMatch(/98C14734|ASSH|93005|2020030|CTAWP|1\.3\.12\.2\.1107\.5\.1/);
    expect(text).toContain("039Y");
  }
  const audit = await hounsfield(["audit", out, "--json"]);
  const [{ verdicts }] = JSON.parse(audit.stdout).studies;
  expect(verdicts[0].attributes).toBe(2);
  expect(verdicts[1].attributes).toBe(0);
  const hashesOf = async (folder: string) => {
    const { stdout } = await hounsfield(["decode", folder, "--json"]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const found = lines.map(({ valuesSha256 }) => valuesSha256).sort();
    expect(new Set(found).size).toBe(148);
    return found;
  };
  expect(await hashesOf(out)).toEqual(await hashesOf(P001));
});

test.skipIf(!hasPatients || !hasDciodvfy)("dciodvfy finds no more errors than before", async () => {
  const out = join(temporaryFolder(), "out");
  const cap001 = join(COVID_CT_MD, "Cap subjects/cap001");
  await hounsfield(["deidentify", cap001, "--out", out]);
  const errors = (path: string) =>
    spawnSync("dciodvfy", [path], { encoding: "utf8" })
      .stderr.split("\n")
      .filter((line) => line.startsWith("Error"));
  const [first] = all(out);
  expect(errors(first)).toEqual([]);
});
