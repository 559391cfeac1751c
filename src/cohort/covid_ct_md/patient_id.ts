/** An id without what its spellings differ in: "Cap 001", "CAP-001" and "cap001" are one patient. */
export function patientKey(id: string): string {
  return id.toLowerCase().replace(/[\s_-]+/g, "");
}

/**
 * The ids that the folders of a path may mean, nearest the file first. The folders above are spelled four
 * ways ("Cap subjects", "CAP subjects", "Cap Cases", "CAP"), so that only the patient's own folder, or an
 * archive called like it, tells.
 */
export function patientsInPath(path: string): readonly string[] {
  return path
    .split(/[/\\]+/)
    .map((part) => part.replace(/\.(zip|tar|tgz|tar\.gz)$/i, ""))
    .filter((part) => /^(p|cap|normal)\d{3}$/.test(patientKey(part)))
    .reverse();
}
