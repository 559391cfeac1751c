import type { RefusedSeries, Series, SeriesListing } from "hounsfield";
import { element } from "./panels.js";

/** What a person should know of the files beside the pictures: one sentence each, the weightiest first. */
export function odditiesOf({ series, diagnostics, skipped }: SeriesListing, chosen: Series): string[] {
  const warnings = [...diagnostics, ...chosen.diagnostics].filter(({ severity }) => severity === "warning");
  const others = series.filter((one) => one !== chosen);
  const objects = skipped.reasons.filter(({ reason }) => reason !== "is not a DICOM file");
  return [
    ...warnings.map(({ message, files = [] }) => withFiles(message, files)),
    ...others.map(aside),
    ...objects.map(
      ({ reason, files, examples }) => `${counted(files, "file")} set aside: ${examples[0]} ${reason}`,
    ),
  ];
}

/** A message that names its file needs it no second time. */
function withFiles(message: string, files: readonly string[]): string {
  const [first] = files;
  if (first === undefined || message.includes(first)) return message;
  return `${first}${files.length > 1 ? ` and ${files.length - 1} more` : ""}: ${message}`;
}

function aside({ description, modality, slices, setAside, refusal }: Series | RefusedSeries): string {
  const name = `${description || modality || "Unnamed"}, ${counted(slices.length, "image")}`;
  if (refusal) return `${name}, makes no volume: ${refusal.message}`;
  return setAside ? `${name}, set aside: ${setAside}` : `${name}, not shown`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Beside the pictures, or nothing where there is nothing to say. */
export function showOddities(texts: readonly string[]): void {
  element("oddities", HTMLElement).hidden = texts.length === 0;
  element("oddities-list", HTMLElement).replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}
