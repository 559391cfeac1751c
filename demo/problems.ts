import { isHounsfieldError } from "hounsfield";

/** An error as a person should read it: what it means, then what exactly was found. */
export function describeProblem(error: unknown): { title: string; text: string } {
  const text = error instanceof Error ? error.message : String(error);
  if (isHounsfieldError(error))
    return { title: titles[error.code] ?? "This did not work", text: sentence(text) };
  return { title: "This did not work", text: sentence(text) };
}

const titles: Readonly<Record<string, string>> = {
  "no-dicom": "No DICOM images here",
  "not-dicom": "No DICOM images here",
  "git-lfs-pointer": "The files were never fetched",
  truncated: "A file is incomplete",
  "malformed-dicom": "A file is damaged",
  "unsupported-transfer-syntax": "A compression this version does not read",
  "unsupported-image": "Not a grayscale image",
  "decode-failed": "A file is damaged",
  "unfaithful-geometry": "These slices make no faithful volume",
  "no-gpu": "No WebGPU here",
  "device-lost": "The GPU was lost",
  "out-of-memory": "The GPU has too little memory",
  "limit-exceeded": "Too large for this GPU",
  io: "A file could not be read",
};

/** Messages begin with a file's name where there is one, so the first letter stays as it is. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
