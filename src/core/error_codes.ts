/**
 * What a volume may be made in spite of, where it is allowed. By resampling onto a true grid: irregular
 * steps, gaps, a tilted gantry. By assuming what the headers do not say: that images which they hold apart
 * are of one stack ("joined"), how far apart slices lie that have no positions ("assumed-spacing"), that
 * slices of no orientation are axial ("assumed-orientation").
 */
export type Repair = "irregular" | "gaps" | "tilt" | "joined" | "assumed-spacing" | "assumed-orientation";

/** One of several series, as an error lists it. */
export interface SeriesCandidate {
  /** In the list, from 1: what `chooseSeries` takes as a pick, as it takes the UID. */
  readonly number: number;
  readonly seriesInstanceUid?: string;
  /** One line for a person. */
  readonly description: string;
}

/**
 * What an error of any code may say: where in the input, and what was there instead of what. Each is only
 * present where it is known.
 */
export interface LocationFields {
  readonly file?: string;
  readonly frame?: number;
  /** DICOM tag, as "(0028,0010)". */
  readonly tag?: string;
  readonly transferSyntax?: string;
  /** Byte offset: in the code stream for codecs, in the file for parsing. */
  readonly offset?: number;
  readonly got?: unknown;
  readonly accepted?: unknown;
  /** Of a DICOM file that is refused, as far as its header could be read: which series it is of, and what. */
  readonly seriesInstanceUid?: string;
  readonly modality?: string;
  readonly sopClassUid?: string;
  /** The values of Image Type, with backslashes between them. */
  readonly imageType?: string;
  /** The value of the option `broken` of `listSeries` that goes on without this file. */
  readonly broken?: "list";
}

/** Fields of errors about one file, which is always known. */
export interface FileFields extends LocationFields {
  readonly file: string;
}

/** Fields of errors about an amount: bytes or counts that were asked for, and what there is. */
export interface AmountFields extends LocationFields {
  /** Bytes or counts. */
  readonly got?: number;
}

/** What errors of each code say. docs/errors.md is the table of them. */
export interface FieldsByCode {
  /** Nothing in the input is a DICOM image. */
  "no-dicom": LocationFields;
  /** A file is not DICOM at all. Collecting a folder skips such files and counts them. */
  "not-dicom": FileFields;
  /** A file is a Git LFS pointer: its content was never fetched. */
  "git-lfs-pointer": FileFields;
  /** A file ends before what its headers declare. */
  truncated: LocationFields;
  /** A DICOM file whose elements contradict each other or the standard. */
  "malformed-dicom": LocationFields;
  /** A transfer syntax that no codec here reads. */
  "unsupported-transfer-syntax": LocationFields & { readonly transferSyntax: string };
  /**
   * A DICOM object that is not a grayscale image (color, report, segmentation), or an image file of a kind
   * that is not read.
   */
  "unsupported-image": LocationFields;
  /** An image file of another format (NIfTI, NRRD, MetaImage) that breaks it. */
  "malformed-image": LocationFields;
  /** A code stream that breaks its own format. */
  "decode-failed": LocationFields;
  /** Several series where one was asked for. */
  "several-series": LocationFields & {
    /** All there are, in the order in which they are numbered. */
    readonly candidates: readonly SeriesCandidate[];
    /** What would make one of those that lie on one even line; absent where nothing does. */
    readonly allow?: readonly Repair[];
  };
  /** Slices of which no faithful stack can be made: no position, duplicates, gaps, irregular steps, tilt. */
  "unfaithful-geometry": LocationFields & {
    /** The repairs which, when all are allowed, make a volume of it; absent where nothing does. */
    readonly allow?: readonly Repair[];
  };
  /** Values that the int16 record cannot hold. Loading then scales the record by itself. */
  "value-range": LocationFields;
  /** An operation on HU was asked of a volume in other units. */
  "wrong-units": LocationFields;
  /** A zip, tar or gzip file that breaks its own format. */
  "malformed-archive": LocationFields;
  /** An archive, or a file in one, of a kind that is not read: encrypted, another method, several volumes. */
  "unsupported-archive": LocationFields;
  /** Labels that do not fit the slices or each other. */
  "labels-mismatch": LocationFields;
  /** No labeled patient has that name; `accepted` lists those there are. */
  "unknown-patient": LocationFields;
  /** An option or an argument that is unknown, of the wrong kind or out of its range. */
  "invalid-option": LocationFields & {
    /** The option or the argument. */
    readonly option?: string;
    /** The option that an unknown one was probably meant to be. */
    readonly suggestion?: string;
    /** Series to choose from, where the pick is none of them. */
    readonly candidates?: readonly SeriesCandidate[];
  };
  /** There is no WebGPU adapter. */
  "no-gpu": LocationFields;
  /** There is no WebAssembly with SIMD. */
  "no-cpu-engine": LocationFields;
  /**
   * WebAssembly may not be compiled here: a page's Content Security Policy lacks 'wasm-unsafe-eval', or there
   * is none.
   */
  "no-wasm": LocationFields;
  /** A worker could not be started or died at its start. */
  "worker-failed": LocationFields & {
    /** The address of the worker's script. */
    readonly url?: string;
  };
  /** A volume, mask, view or engine was used after its `destroy()`. */
  destroyed: LocationFields;
  /** Voxels were asked for whose slices are still being loaded. */
  "not-loaded": LocationFields;
  /** Volumes or masks of two engines in one operation. */
  "wrong-engine": LocationFields;
  /** Two inputs that must lie on one grid lie on two: another size, origin, direction or spacing. */
  "wrong-grid": LocationFields;
  /** The GPU device was lost while work was under way. */
  "device-lost": LocationFields;
  /** The device could not give the memory asked for. */
  "out-of-memory": AmountFields;
  /** The work needs more than a limit of the device, or of what is read into memory. */
  "limit-exceeded": AmountFields;
  /** A file could not be read or written. */
  io: LocationFields;
  /** A bug in this library. Please report it. */
  internal: LocationFields;
}

/** What went wrong: see `FieldsByCode`, which has a sentence for each. */
export type ErrorCode = keyof FieldsByCode;

/** Every name that a field of any error has. */
export type FieldName = { [C in ErrorCode]: keyof FieldsByCode[C] }[ErrorCode];

/**
 * The fields of an error of the code, or of any of the codes. Every name can be asked for before the code is
 * known: what other codes have is undefined.
 */
export type FieldsOf<Code extends ErrorCode> = Code extends ErrorCode
  ? FieldsByCode[Code] & { readonly [F in Exclude<FieldName, keyof FieldsByCode[Code]>]?: undefined }
  : never;

/** The fields of errors of any code, all optional: what is known before the code is. */
export interface ErrorFields extends LocationFields {
  readonly candidates?: readonly SeriesCandidate[];
  readonly allow?: readonly Repair[];
  readonly option?: string;
  readonly suggestion?: string;
  readonly url?: string;
}
