import { type HounsfieldError, isHounsfieldError, type Repair } from "../../core/errors.js";
import { exitCode } from "./exit_codes.js";

/** An error of the library in the words of the command line: its message, the option that helps, its code. */
export function problemText(error: HounsfieldError): string {
  return `${error.message}${adviceOn(error)} [${error.code}]`;
}

/**
 * What `--json` prints of a command that failed: `{ "error": { code, message, ... } }`, with the fields of
 * the error.
 */
export function problemObject(error: unknown, code: number) {
  const message = error instanceof Error ? error.message : String(error);
  if (!isHounsfieldError(error)) return { error: { code: nameOf(code), message } };
  return { error: { code: error.code, message: `${message}${adviceOn(error)}`, ...error.fields } };
}

function nameOf(code: number): string {
  return code === exitCode.interrupted ? "interrupted" : code === exitCode.usage ? "usage" : "internal";
}

/**
 * The option that helps, behind a semicolon; the library names none, for it does not know of a command line.
 */
export function adviceOn(error: HounsfieldError): string {
  if (isHounsfieldError(error, "unfaithful-geometry") && error.fields.allow)
    return `; --allow ${error.fields.allow.join(",")} ${effectOf(error.fields.allow)}`;
  if (isHounsfieldError(error, "several-series", "invalid-option") && error.fields.candidates) {
    const allow = error.fields.allow ? `; or --allow ${error.fields.allow.join(",")} makes them one` : "";
    return `; choose with --series UID or NUMBER${allow}`;
  }
  if (error.fields.broken) return "; --skip-broken goes on without it";
  return "";
}

/** What happens to slices where these are allowed. */
function effectOf(allow: readonly Repair[]): string {
  const onGrid = allow.some((repair) => ["irregular", "gaps", "tilt"].includes(repair));
  const onTrust = allow.some((repair) => repair === "joined" || repair.startsWith("assumed"));
  if (!onTrust) return "resamples them onto a true grid";
  return onGrid ? "takes this on trust and resamples them onto a true grid" : "takes this on trust";
}
