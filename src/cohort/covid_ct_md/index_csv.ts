import { HounsfieldError } from "../../core/errors.js";

/** One line of Index.csv. */
export interface LabeledPatient {
  /** As Index.csv spells it: "P001", "cap001". */
  readonly id: string;
  readonly diagnosis: string;
  /**
   * Row of this patient in the label arrays: the position of its line, from 0. The column "Label Index" is no
   * row: it skips 43, so that it is one too high from P044 on.
   */
  readonly row: number;
}

/**
 * The labeled patients in the order of their lines.
 * @throws HounsfieldError `labels-mismatch` for a file that is no such table, or names a patient twice
 */
export function parseIndexCsv(text: string, file: string): readonly LabeledPatient[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const [head, ...rows] = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(",").map(unquoted));
  const idColumn = head?.indexOf("Folder/ID") ?? -1;
  const diagnosisColumn = head?.indexOf("Diagnosis") ?? -1;
  if (idColumn === -1) {
    const message = `${file}: has no column "Folder/ID", so it is not the index of COVID-CT-MD`;
    throw new HounsfieldError("labels-mismatch", message, { file, got: head, accepted: "Folder/ID" });
  }
  const patients = rows.map((cells, row) => ({
    id: cells[idColumn] ?? "",
    diagnosis: cells[diagnosisColumn] ?? "",
    row,
  }));
  const faulty = patients.find(({ id }, i) => id === "" || patients.findIndex((one) => one.id === id) !== i);
  if (!faulty) return patients;
  const message = `${file}: patient ${faulty.row + 1} is ${faulty.id === "" ? "without id" : `${faulty.id}, named before`}`;
  throw new HounsfieldError("labels-mismatch", message, { file, got: faulty.id });
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, "$1");
}
