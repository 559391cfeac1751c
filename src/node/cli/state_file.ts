import { promises as fs } from "node:fs";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { parseViewChange } from "../../render/state/parse_view_change.js";
import { changeState, defaultViewState, type ViewChange } from "../../render/state/view_state.js";
import { orIoError } from "../../sources/unreadable.js";

/**
 * What a state file says: a whole state or parts of one.
 * @throws HounsfieldError `io`; `invalid-option`, which names file and key
 */
export async function readStateFile(file: string): Promise<ViewChange> {
  const text = await orIoError(file, fs.readFile(file, "utf8"));
  try {
    const change = parseViewChange(JSON.parse(text));
    changeState(defaultViewState, change);
    return change;
  } catch (error) {
    // Of what is no JSON the parser's message quotes the beginning: of a binary file, nothing to print.
    const message = (error instanceof Error ? error.message : String(error)).replace(/[^ -~]/g, "?");
    const fields = isHounsfieldError(error, "invalid-option") ? error.fields : {};
    throw new HounsfieldError("invalid-option", `${file}: ${message}`, { ...fields, file }, error);
  }
}
