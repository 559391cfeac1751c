import type { Diagnostic } from "../../core/diagnostic.js";

/** Says on stderr what a person should know before anything is made, also where stdout is for a machine. */
export function warn(diagnostics: readonly Diagnostic[]): void {
  for (const { severity, message } of diagnostics) {
    if (severity === "warning") process.stderr.write(`warning: ${message}\n`);
  }
}
