import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { findStudies } from "../../src/node/cohort/find_studies.js";
import { temporaryFolder } from "../support/cli.js";

const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM")]);

function dataSetOf(files: Readonly<Record<string, Buffer | string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const keysOf = (folder: string) => findStudies(folder, "ordinal").map(({ key }) => key);

test("folders with images, archives and DICOMDIRs are studies; what lies beside them is none", () => {
  const folder = dataSetOf({
    LICENSE: "text",
    "Index.csv": "a,b",
    "a/1.dcm": "anything, refused later",
    "b/scan/IM1": dicom,
    "b/scan/notes.txt": "text",
    "c/study.zip": "zip",
    "c/study.tar.gz": "tar",
    "d/DICOMDIR": "directory",
    "d/IMAGES/IM1": dicom,
    "e/chest.nii.gz": "nifti",
    "f/one": "no image",
    "f/two": "no image",
    "g/one": "may be bare data sets",
    "g/two": "may be bare data sets",
    "g/three": "may be bare data sets",
    ".hidden/IM1": dicom,
    "__MACOSX/IM1": dicom,
  });
  symlinkSync(join(folder, "b/scan"), join(folder, "h"));
  expect(keysOf(folder)).toEqual([
    "a",
    "b/scan",
    "c/study.tar.gz",
    "c/study.zip",
    "d/DICOMDIR",
    "e",
    "g",
    "h",
  ]);
});

test("a list of paths, relative to it", () => {
  const folder = dataSetOf({
    "lists/some.txt": "# mine\n../b/scan\n\n../a\n../a\n",
    "a/1.dcm": "",
    "b/scan/1.dcm": "",
  });
  expect(keysOf(join(folder, "lists/some.txt"))).toEqual(["../a", "../b/scan"]);
});

test("studies are called by their order, or as their folders are", () => {
  const folder = dataSetOf({ "x/p1/1.dcm": "", "x/p2.zip": "", "y/p1/1.dcm": "" });
  expect(findStudies(folder, "ordinal").map(({ id }) => id)).toEqual([
    "study-0001",
    "study-0002",
    "study-0003",
  ]);
  expect(findStudies(folder, "folder").map(({ id }) => id)).toEqual(["x_p1", "p2", "y_p1"]);
  expect(() => findStudies(dataSetOf({ "a.txt.md": "" }), "ordinal")).toThrow(/no study/);
});
