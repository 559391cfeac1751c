import type { Diagnostic } from "../../core/diagnostic.js";

/**
 * What was odd in how a file is written, and did not matter for what is read of it. Codes and words of the
 * diagnostics.
 */
const NOTES = {
  "file-meta-implicit":
    "the file meta information is written without value representations, which PS3.10 7.1 does not allow",
  "group-2-repeated": "elements of the file meta information stand in the data set again; those are not used",
  "vr-unknown":
    "elements have a value representation that is none of PS3.5 6.2; each was passed by its length",
  "vr-missing":
    "elements of an explicit data set have no value representation; each was passed by its length",
  "vr-in-implicit":
    "elements of an implicit data set have a value representation; each was read as one of an explicit data set",
  "items-otherwise":
    "items of sequences are not encoded as the data set around them is; they were read as they look",
  delimiter:
    "delimiters of items or sequences are missing, misplaced or too many; all that they enclose is there",
  "deflate-missing":
    "a deflated data set is declared, and the bytes are not deflated; they were read as they are",
  "deflate-zlib": "the deflated data set is a zlib stream, where PS3.5 A.5 asks for one without a header",
} as const;

export type LenientNote = keyof typeof NOTES;

const CODES: Partial<Record<LenientNote, string>> = { delimiter: "delimiter-misplaced" };

/** Of one file. */
export function noteDiagnostics(notes: Iterable<LenientNote>, file: string): Diagnostic[] {
  return [...notes].map((note) => ({
    severity: "warning",
    code: CODES[note] ?? note,
    message: NOTES[note],
    files: [file],
  }));
}
