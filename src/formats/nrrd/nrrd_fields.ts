import { malformedImage } from "../image_error.js";
import { latin1 } from "../text_fields.js";

/**
 * The header of an NRRD file as text: fields ("sizes: 3 4 5") by their names in lower case, and where the
 * voxels begin.
 */
export interface NrrdFields {
  readonly fields: ReadonlyMap<string, string>;
  /** "key:=value" lines. */
  readonly keys: ReadonlyMap<string, string>;
  /** Behind the empty line; the end of the file for a detached header without one. */
  readonly end: number;
}

/** What a header of a sane file may have. */
const MOST_HEADER_BYTES = 1 << 20;

/** @throws HounsfieldError `malformed-image` */
export function nrrdFields(bytes: Uint8Array): NrrdFields {
  const text = latin1(bytes.subarray(0, MOST_HEADER_BYTES));
  if (!/^NRRD000[1-5]\r?\n/.test(text))
    throw malformedImage("NRRD", "does not begin with NRRD0001 to NRRD0005");
  const blank = /\r?\n\r?\n/.exec(text);
  if (!blank && bytes.length > MOST_HEADER_BYTES) throw malformedImage("NRRD", "its header has no end");
  const end = blank ? blank.index + blank[0].length : bytes.length;
  const fields = new Map<string, string>();
  const keys = new Map<string, string>();
  const lines = text.slice(0, blank?.index ?? text.length).split(/\r?\n/);
  for (const [number, line] of lines.slice(1).entries()) {
    if (line.startsWith("#") || line.trim() === "") continue;
    const key = /^([^:]*):=(.*)$/.exec(line);
    const field = /^([^:]+):\s*(.*)$/.exec(line);
    if (key) keys.set(key[1], key[2]);
    else if (!field) throw malformedImage("NRRD", `line "${line.slice(0, 80)}" is no field`);
    const [name, value] = field && !key ? [field[1].trim().toLowerCase(), field[2].trim()] : [];
    if (name === undefined || value === undefined) continue;
    // The lines behind it are names of files, to the header's end.
    const isList = name === "data file" && value.startsWith("LIST");
    fields.set(name, isList ? ["LIST", ...lines.slice(number + 2).filter(Boolean)].join("\n") : value);
    if (isList) break;
  }
  return { fields, keys, end };
}
