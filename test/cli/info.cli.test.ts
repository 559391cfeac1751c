// Over 300 lines: what the command prints and refuses, on the same folders.
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { hounsfield, temporaryFolder } from "../support/cli.js";
import { corpusFolder, corpusPath, hasCorpus } from "../support/dicom_data.js";
import { type CtFields, ctFile } from "../support/dicom_file.js";
import { expectedOf, hasPatients, patientFolder } from "../support/real_patients.js";
import { zipFile } from "../support/zip_file.js";

const covidFolder = fileURLToPath(new URL("../../../shared/data/covid-ct-md", import.meta.url));

/** Five slices, 2 mm apart, that say loudly whose they are. */
const SECRET: CtFields = {
  "0008,0050": "SECRET-ACCESSION",
  "0008,0080": "SECRET-HOSPITAL",
  "0008,0090": "SECRET^REFERRER",
  "0010,0010": "SECRET^ALICE",
  "0010,0020": "SECRET-ID",
  "0010,0030": "19010203",
  "0010,1000": "SECRET-OTHER-ID",
  "0010,4000": "SECRET COMMENT",
};

function slices(fields: CtFields = {}, zs = [30, 32, 34, 36, 38]): { name: string; bytes: Uint8Array }[] {
  return zs.map((z) => ({
    name: `IM ${z}`,
    bytes: ctFile({ "0020,0032": `0\\0\\${z}`, "0020,1041": String(z), ...SECRET, ...fields }),
  }));
}

function folderOf(files: readonly { name: string; bytes: Uint8Array }[]): string {
  const folder = temporaryFolder();
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** Everything in a folder, as text. */
function contents(folder: string): string {
  // Names, not entries: a `Dirent` knows its folder from Node 20.12 on.
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => `${name}\n${readFileSync(join(folder, name), "latin1")}`)
    .join("\n");
}

describe("what is there", () => {
  test("a folder, a zip of it, a tar of it and its files are the same study", async () => {
    const files = slices();
    const folder = folderOf(files);
    const archives = temporaryFolder();
    writeFileSync(
      join(archives, "病人 1.zip"),
      zipFile(files.map(({ name, bytes }) => ({ name: `胸部 CT/${name}`, bytes }))),
    );
    execFileSync("tar", ["-czf", join(archives, "study.tar.gz"), "-C", folder, "."]);
    const volumes = [];
    for (const study of [
      [folder],
      [join(archives, "病人 1.zip")],
      [join(archives, "study.tar.gz")],
      files.map(({ name }) => join(folder, name)),
    ]) {
      const { code, stdout } = await hounsfield(["info", ...study, "--json"]);
      expect(code).toBe(0);
      const [series] = JSON.parse(stdout).series;
      expect(series.files).toHaveLength(5);
      volumes.push(series.geometry);
      expect(series.files[0].file).toMatch(
        /^(IM 30|病人 1\.zip\/胸部 CT\/IM 30|study\.tar\.gz\/IM 30|\/.*\/IM 30)$/,
      );
    }
    expect(new Set(volumes.map((one) => JSON.stringify(one))).size).toBe(1);
    const zip = join(archives, "病人 1.zip");
    const decoded = await hounsfield(["decode", zip, "--json"]);
    const [first, ...rest] = decoded.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect([first.file, first.max, rest.length]).toEqual([`${zip}/胸部 CT/IM 30`, 5, 4]);
    const hashes = [];
    for (const study of [folder, zip]) {
      const { stdout } = await hounsfield(["preprocess", study, "--out", join(archives, "out"), "--json"]);
      hashes.push(
        JSON.parse(stdout).outputs.find(({ file }: { file: string }) => file === "volume.npy").sha256,
      );
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  test("several series: a table, each in full; --series picks one by number or UID", async () => {
    const files = [
      ...slices(),
      ...slices({ "0020,000e": "1.2.9", "0008,103e": "Lung" }, [1, 2, 4]).map((file) => ({
        ...file,
        name: `b${file.name}`,
      })),
      { name: "note.txt", bytes: new TextEncoder().encode("a note") },
    ];
    const folder = folderOf(files);
    const { stdout } = await hounsfield(["info", folder]);
    expect(stdout).toMatch(/1 {2}CT {8}yes +5 {2}3x2/);
    expect(stdout).toMatch(/2 {2}CT {8}none +3 {2}3x2 .*Lung/);
    expect(stdout).toMatch(
      /series 2 of 2: CT "Lung", 3 slices of 3x2\n {2}no volume .*\[unfaithful-geometry\]/,
    );
    expect(stdout).toMatch(/set aside\n +1 file +is not a DICOM file: note\.txt/);
    for (const pick of ["2", "1.2.9"]) {
      const one = await hounsfield(["info", folder, "--series", pick]);
      expect(one.stdout).toMatch(/^\nseries 2 of 2: CT "Lung"/);
      expect(one.stdout).not.toMatch(/series 1 of 2|set aside/);
    }
    const none = await hounsfield(["info", folder, "--series", "3"]);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringMatching(/no series is "3"; found: 1: CT .*; 2: CT/),
    ]);
  });

  test("a broken file is told beside the rest, exit code 1; --allow shows what a repair makes", async () => {
    const files = slices({}, [1, 2, 4, 5]);
    const folder = folderOf([...files, { name: "cut.dcm", bytes: files[0].bytes.slice(0, 300) }]);
    const plain = await hounsfield(["info", folder]);
    expect([plain.code, plain.stdout]).toEqual([
      1,
      expect.stringMatching(/broken +cut\.dcm: .*\[truncated\]/),
    ]);
    expect(plain.stdout).toMatch(/no volume .*1 slice is missing.*\[unfaithful-geometry\]/);
    const repaired = await hounsfield(["info", folder, "--allow", "gaps"]);
    expect(repaired.stdout).toMatch(
      /resampled +for gaps: 4 of 5 slices are measured, the others interpolated/,
    );
    const json = JSON.parse((await hounsfield(["info", folder, "--allow", "gaps", "--json"])).stdout);
    expect(json.broken).toEqual([expect.stringMatching(/^cut\.dcm/)]);
    expect(json.series[0].geometry.sizeXyz).toEqual([3, 2, 5]);
  });

  test("what cannot be read is told, and the rest shown: exit code 1", async () => {
    const folder = folderOf(slices());
    chmodSync(folder, 0o755);
    symlinkSync("nowhere", join(folder, "dangling"));
    mkdirSync(join(folder, "locked"));
    writeFileSync(join(folder, "secret.dcm"), slices()[0].bytes);
    chmodSync(join(folder, "secret.dcm"), 0);
    chmodSync(join(folder, "locked"), 0);
    // Root reads everything, so that as root another user is asked.
    const uid = process.getuid?.() === 0 ? 65534 : undefined;
    const bin = fileURLToPath(new URL("../../bin/hounsfield.js", import.meta.url));
    const child = spawn(process.execPath, [bin, "info", folder, "--json"], { uid });
    let stdout = "";
    child.stdout.on("data", (data) => (stdout += data));
    const code = await new Promise((resolve) => child.on("close", resolve));
    chmodSync(join(folder, "locked"), 0o755);
    const { series, unreadable } = JSON.parse(stdout);
    expect([code, series[0].slices]).toEqual([1, 5]);
    expect(unreadable.join("\n")).toMatch(/dangling: cannot be read \(ENOENT/);
    expect(unreadable.join("\n")).toMatch(/secret\.dcm: cannot be read \(EACCES/);
    expect(unreadable.join("\n")).toMatch(/locked: cannot be read \(EACCES/);
    const strict = await hounsfield(["preprocess", folder, "--out", join(temporaryFolder(), "out")]);
    expect([strict.code, strict.stderr]).toEqual([
      1,
      expect.stringMatching(/dangling: cannot be read .*\[io\]/),
    ]);
  });

  test.skipIf(!hasCorpus)(
    "a DICOMDIR gives the files it lists, whatever their names became; missing ones are named (needs ../shared/data)",
    async () => {
      const folder = temporaryFolder();
      cpSync(corpusPath("malformed/DICOMDIR"), join(folder, "DICOMDIR"));
      for (const name of readdirSync(corpusFolder("pydicom-dicomdir"))) {
        const [patient, series, image] = name.replace(".dcm", "").split("_");
        const inside = join(folder, patient, series.toLowerCase());
        mkdirSync(inside, { recursive: true });
        cpSync(join(corpusFolder("pydicom-dicomdir"), name), join(inside, `${image};1`));
      }
      writeFileSync(join(folder, "not listed"), slices()[0].bytes);
      const count = readdirSync(corpusFolder("pydicom-dicomdir")).length;
      const listed = await hounsfield(["info", join(folder, "DICOMDIR"), "--json"]);
      expect(listed.code).toBe(0);
      const files = JSON.parse(listed.stdout).series.flatMap((one: { files: unknown[] }) => one.files);
      expect(files).toHaveLength(count);
      expect(files).toContainEqual({ file: "77654033/CT2/17106", sliceLocation: expect.anything() });
      const other = temporaryFolder();
      cpSync(join(folder, "DICOMDIR"), join(other, "DICOMDIR"));
      const missing = await hounsfield(["preprocess", join(other, "DICOMDIR"), "--out", join(other, "out")]);
      expect([missing.code, missing.stderr]).toEqual([
        1,
        expect.stringMatching(/31 of the 31 files it lists are not there: 77654033\/CR1\/6154/),
      ]);
    },
  );
});

describe("no patient is named unless asked for", () => {
  const files = slices();
  const secret = /SECRET|ALICE|19010203/i;

  test("--identify asks for it", async () => {
    const { stdout } = await hounsfield(["info", folderOf(files), "--identify"]);
    for (const text of [
      "patient name +SECRET\\^ALICE",
      "patient id +SECRET-ID",
      "patient birth date +19010203",
    ])
      expect(stdout).toMatch(new RegExp(text));
    const json = await hounsfield(["info", folderOf(files), "--identify", "--json"]);
    expect(JSON.parse(json.stdout).series[0].patient).toMatchObject({
      patientName: "SECRET^ALICE",
      patientId: "SECRET-ID",
    });
  });

  test("info, decode and preprocess, what they print and what they write", async () => {
    const folder = folderOf(files);
    const out = join(temporaryFolder(), "out");
    const decoded = join(temporaryFolder(), "decoded");
    const runs = [
      ["info", folder],
      ["info", folder, "--json"],
      ["decode", folder],
      ["decode", folder, "--json", "--out", decoded],
      ["preprocess", folder, "--out", out, "--window", "-1000,400", "--mip"],
    ];
    for (const args of runs) {
      const { code, stdout, stderr } = await hounsfield(args);
      expect([args[0], code]).toEqual([args[0], 0]);
      expect(stdout + stderr).not.toMatch(secret);
    }
    expect(contents(out)).toMatch(/report\.json/);
    expect(contents(out) + contents(decoded)).not.toMatch(secret);
  });

  test("refusals of every kind", async () => {
    const cut = (length: number) => ({ name: "IM 99", bytes: files[0].bytes.slice(0, length) });
    const nameAt = Buffer.from(files[0].bytes).indexOf("SECRET^ALICE");
    const badLength = Uint8Array.from(files[0].bytes);
    badLength[nameAt - 2] = 99;
    const others = slices({ "0020,000e": "1.2.9" }).map((file) => ({ ...file, name: `b${file.name}` }));
    const refused: [string, { name: string; bytes: Uint8Array }[]][] = [
      ["cut inside the name", [...files, cut(nameAt + 6)]],
      ["cut before the pixels", [...files, cut(files[0].bytes.length - 30)]],
      ["a wrong length", [...files, { name: "IM 99", bytes: badLength }]],
      ["gaps", slices({}, [1, 2, 4, 9])],
      [
        "two images at one place",
        [
          ...files,
          {
            name: "copy",
            bytes: files[0].bytes.map((byte, i) => (i === files[0].bytes.length - 2 ? 9 : byte)),
          },
        ],
      ],
      ["several series", [...files, ...others]],
      ["a number that is none", slices({ "0028,0030": "x\\y" })],
      ["no image", slices({ "0028,0010": undefined, "0028,0100": undefined })],
      ["text only", [{ name: "a", bytes: new TextEncoder().encode("SECRET") }]],
      [
        "an encrypted zip",
        [{ name: "a.zip", bytes: zipFile([{ name: "IM 1", bytes: files[0].bytes, isEncrypted: true }]) }],
      ],
    ];
    const folders = refused.map(([what, inFolder]) => ({ what, folder: folderOf(inFolder) }));
    for (const { what, folder } of folders) {
      const preprocessed = await hounsfield(["preprocess", folder, "--out", join(folder, "out")]);
      expect([what, preprocessed.code]).toEqual([what, 1]);
      const listed = await hounsfield(["info", folder, "--json"]);
      for (const { stdout, stderr } of [preprocessed, listed]) {
        expect(stdout + stderr, what).not.toMatch(secret);
        expect((stdout + stderr).length, what).toBeGreaterThan(20);
      }
    }
    const { code, stdout, stderr } = await hounsfield(["decode", ...folders.map(({ folder }) => folder)]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(secret);
  });
});

describe.skipIf(!hasPatients)("labels of COVID-CT-MD (needs ../shared/data)", () => {
  test("a line a slice, in the order of the volume", async () => {
    const expected = expectedOf("cap001");
    const { code, stdout } = await hounsfield(["info", patientFolder("cap001"), "--labels", covidFolder]);
    expect(code).toBe(0);
    const lines = stdout.split("\n").filter((line) => /^ +\d+ +-?[\d.]+ /.test(line));
    expect(lines).toHaveLength(168);
    expect(lines[0]).toMatch(/^ +0 +-401\.9 +- +- +98C1066-ASAD_77\.dcm$/);
    expect(lines[29]).toMatch(/^ +29 +-343\.9 +yes +LLL +98C1066-ASAD_45\.dcm$/);
    expect(lines.map((line) => line.split(/ +/).at(-1))).toEqual(
      expected.slicesSorted.map(({ file }) => file),
    );
    expect(stdout).toMatch(
      /labels of cap001 \(CAP\), updated-1, row 54: 86 of 168 slices infected: 29-83, 89-119; LLL 55, RLL 31/,
    );
  });

  test("both versions as JSON, wherever the folders' names come from; and what is refused", async () => {
    const infected = async (...args: string[]) => {
      const { code, stdout, stderr } = await hounsfield(["info", ...args, "--labels", covidFolder, "--json"]);
      return code === 0
        ? JSON.parse(stdout).series.map(
            (one: { labels: { infectedSlices: number[] } }) => one.labels.infectedSlices.length,
          )
        : stderr;
    };
    const p001 = patientFolder("P001");
    expect(await infected(p001)).toEqual([80]);
    expect(await infected(join(p001, ".."), "--labels-version", "original")).toEqual([39]);
    const bare = temporaryFolder();
    cpSync(p001, join(bare, "x"), { recursive: true });
    expect(await infected(join(bare, "x"))).toMatch(
      /no folder of the slices is called after a patient.*\[unknown-patient\]/,
    );
    expect(await infected(join(bare, "x"), "--patient", "P001")).toEqual([80]);
    expect(await infected(join(bare, "x"), "--patient", "P099")).toMatch(
      /no labels for patient "P099"; 79 patients/,
    );
    expect(await infected(p001, "--patient", "cap001")).toMatch(/\[labels-mismatch\]/);
  });

  test("of several patients, those without labels are told and stop nothing", async () => {
    const set = temporaryFolder();
    for (const [patient, name] of [
      ["P001", "P001"],
      ["cap001", "normal001"],
    ] as const)
      cpSync(patientFolder(patient), join(set, name), { recursive: true });
    const args = ["info", set, "--labels", covidFolder];
    const { code, stdout } = await hounsfield([...args, "--json"]);
    expect(code).toBe(0);
    const { series } = JSON.parse(stdout);
    const labels = series.map((one: { labels: { row?: number; code?: string } }) => one.labels);
    expect(labels).toHaveLength(2);
    expect(labels).toContainEqual(expect.objectContaining({ patient: "P001" }));
    expect(labels).toContainEqual(expect.objectContaining({ code: "unknown-patient" }));
    expect((await hounsfield(args)).stdout).toMatch(/labels: none \(no labels for patient "normal001"/);
  });
});

test.each([
  [["info"], /expected STUDY/],
  [["info", "a", "--patient", "P001"], /--patient goes with --labels DIR/],
  [["info", "a", "--labels", "b", "--labels-version", "2"], /--labels-version takes/],
  [["info", "a", "--allow", "all"], /--allow takes irregular, gaps, tilt/],
])("%j is wrong usage: exit code 2", async (args, line) => {
  const { code, stderr } = await hounsfield(args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(line)]);
});
