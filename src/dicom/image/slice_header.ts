import type { ByteSource, Extent } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import type { Vec3 } from "../../core/grid.js";
import type { VoiWindow } from "../../core/voi_window.js";

/** Where the bytes of the frames are inside a file. */
export interface PixelDataLocation {
  /** Offset of the element's value, and its declared length (-1: undefined, encapsulated). */
  readonly offset: number;
  readonly length: number;
  readonly encapsulated: boolean;
  /**
   * 8-bit samples lie in big-endian words (OW): each two bytes change places before they are samples
   * (PS3.5 7.3).
   */
  readonly swapped?: boolean;
  /** Where the value of Extended Offset Table (7FE0,0001) is. */
  readonly extendedOffsets?: Extent;
}

/** What it takes to decode an image: the Image Pixel module (PS3.3 C.7.6.3) and where the pixels are. */
export interface ImageHeader {
  readonly source: ByteSource;
  readonly transferSyntax: string;
  readonly numberOfFrames: number;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly pixelRepresentation: 0 | 1;
  readonly pixelData: PixelDataLocation;
  /** From 0: the frame that this header describes, where it describes one of several. */
  readonly frame?: number;
  /** What had to be assumed to read this header; absent when nothing was. */
  readonly diagnostics?: readonly Diagnostic[];
}

/**
 * One image as its header describes it. Keywords are DICOM's; a field is undefined where the attribute is
 * absent or empty.
 */
export interface SliceHeader extends ImageHeader {
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  readonly sopClassUid?: string;
  readonly frameOfReferenceUid?: string;
  readonly modality?: string;
  readonly imageType: readonly string[];
  readonly seriesNumber?: number;
  readonly seriesDescription?: string;
  readonly acquisitionNumber?: number;
  readonly instanceNumber?: number;
  /** Which of several volumes of one place this image is of (PS3.3 C.7.6.16.2.2, C.7.6.9). */
  readonly temporalPosition?: number;
  /** Digits as the file has them, date first where it is known: only ever compared. */
  readonly acquisitionTime?: string;
  readonly contentTime?: string;
  readonly triggerTimeMs?: number;
  readonly cardiacPhasePercent?: number;
  readonly kvp?: number;
  /** Of MR: Echo Time (0018,0081), or Effective Echo Time (0018,9082) of a frame. */
  readonly echoTimeMs?: number;
  /** Of MR, in s/mm². */
  readonly diffusionBValue?: number;
  /**
   * Frames of a multi-frame image that belong together (PS3.3 C.7.6.16.2.2.4), and parts of one image in
   * several files.
   */
  readonly stackId?: string;
  readonly concatenationUid?: string;
  /**
   * Of a frame: its Dimension Index Values but for those that say where it lies, joined by "/"
   * (PS3.3 C.7.6.17).
   */
  readonly dimensionIndex?: string;
  /** [between rows (y), between columns (x)] in mm, as DICOM orders it. */
  readonly pixelSpacing?: readonly [number, number];
  /** Direction cosines of a row, then of a column. */
  readonly imageOrientationPatient?: readonly number[];
  readonly imagePositionPatient?: Vec3;
  readonly sliceLocation?: number;
  readonly sliceThickness?: number;
  readonly spacingBetweenSlices?: number;
  /**
   * Degrees, as the scanner states it (0018,1120); the geometry itself is decided by orientation and
   * positions.
   */
  readonly gantryDetectorTilt?: number;
  readonly rescaleSlope?: number;
  readonly rescaleIntercept?: number;
  readonly rescaleType?: string;
  /** Windows to see it through, in the order of the file. */
  readonly windows?: readonly VoiWindow[];
  /** Stored values become output by a table, where there is no slope and intercept. */
  readonly modalityLut?: ModalityLut;
  /** Stored values from this one to the limit, which may be the smaller, fill what was not measured. */
  readonly pixelPaddingValue?: number;
  readonly pixelPaddingRangeLimit?: number;
  readonly manufacturer?: string;
  readonly manufacturerModel?: string;
  readonly tubeCurrentMa?: number;
  readonly exposureMas?: number;
  readonly exposureTimeMs?: number;
  /** Spiral Pitch Factor (0018,9311): table feed a rotation over the collimation. */
  readonly spiralPitch?: number;
  readonly convolutionKernel?: string;
  readonly patientPosition?: string;
  /** Of a multi-frame image whose frames have no known places: why, where it says something of them. */
  readonly unplaced?: string;
}

/**
 * A Modality LUT (PS3.3 C.11.1.1.1): `values[i]` is the output for the stored value `first` + i; beyond its
 * ends, the end's.
 */
export interface ModalityLut {
  readonly first: number;
  readonly values: Uint16Array;
  /** Modality LUT Type: the units, "HU" or others. */
  readonly type?: string;
}
