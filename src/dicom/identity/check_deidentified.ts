import { HounsfieldError } from "../../core/errors.js";
import { formatTag } from "../syntax/tags.js";
import { type ProfileAttribute, type ProfileOptions, treatmentOf } from "./attribute_rules.js";
import { isDummyText } from "./replacement_values.js";
import { elementText, everyElement, type WholeHeader } from "./whole_header.js";

/**
 * Asks for everything once more in a file that was made anonymous.
 * @throws HounsfieldError `internal` where something is left that should have gone
 */
export function checkDeidentified(
  { name, elements }: WholeHeader,
  table: ReadonlyMap<number, ProfileAttribute>,
  options: ProfileOptions,
  pseudonym: string,
): void {
  for (const element of everyElement(elements)) {
    const { tag, vr, value } = element;
    if (value.length === 0) continue;
    const text = elementText(element);
    const treatment = treatmentOf({ tag, vr, text }, table, options);
    if (treatment === "keep" || treatment === "shift-date" || text === "" || text === pseudonym) continue;
    if (text !== undefined && isDummyText(text)) continue;
    if (treatment === "uid" && text?.split("\\").every((uid) => uid.startsWith("2.25."))) continue;
    const message = `${name}: ${formatTag(tag)} was left, which should have gone`;
    throw new HounsfieldError("internal", message, { file: name, tag: formatTag(tag) });
  }
}
