/** The VOI LUT functions of DICOM (0028,1056). */
export type VoiFunctionName = "LINEAR" | "LINEAR_EXACT" | "SIGMOID";

/** A window as a file has it (PS3.3 C.11.2.1.2), in HU or the units of the series. */
export interface VoiWindow {
  /** Window Center (0028,1050). */
  readonly centerHu: number;
  /** Window Width (0028,1051). */
  readonly widthHu: number;
  readonly voiFunction: VoiFunctionName;
  /** What the file calls it: "LUNG", "WINDOW1". */
  readonly explanation?: string;
}
