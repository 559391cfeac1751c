import { type HounsfieldError, isHounsfieldError } from "../../core/errors.js";

/** An error of the library in the words of the command line: its message, the option that helps, its code. */
export function problemText(error: HounsfieldError): string {
  return `${error.message}${adviceOn(error)} [${error.code}]`;
}

/** The option that helps, behind a semicolon; the library names none, for it does not know of a command line. */
export function adviceOn(error: HounsfieldError): string {
  if (isHounsfieldError(error, "unfaithful-geometry") && error.fields.allow)
    return `; --allow ${error.fields.allow.join(",")} resamples them onto a true grid`;
  if (isHounsfieldError(error, "several-series", "invalid-option") && error.fields.candidates)
    return "; choose with --series UID or NUMBER";
  return "";
}
