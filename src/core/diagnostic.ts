/** Something met while reading that a person may want to know; never silently dropped. */
export interface Diagnostic {
  readonly severity: "info" | "warning";
  /** A literal, stable name, such as "slice-location-disagrees". */
  readonly code: string;
  readonly message: string;
  readonly files?: readonly string[];
}
