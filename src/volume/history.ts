import { version } from "../core/version.js";
import type { VoiWindow } from "../core/voi_window.js";
import type { Series } from "../dicom/series/list_series.js";
import type { Engine } from "../engine/engine.js";

/**
 * How a volume or a mask came to be: plain frozen data, for a report beside the result. It names no patient
 * and no UID. (That of single voxels, measured or interpolated, is `provenanceOf`.) An input that was used
 * twice is the same object twice here, and written out twice by JSON; recipes tell of themselves in one
 * entry, not of their steps.
 */
export interface ProcessingHistory {
  /** The version of this library. */
  readonly hounsfield: string;
  /** Name of the engine's adapter. */
  readonly adapter: string;
  /** The function that was called: "resample", "lungMask"; "unrecorded" for what was filled by hand. */
  readonly operation: string;
  /** As given, defaults left out; a table is named by its type and length. */
  readonly options: PlainObject;
  /** Of a loaded volume. */
  readonly source?: SourceHistory;
  readonly inputs: readonly ProcessingHistory[];
}

/** What a volume was loaded from. */
export interface SourceHistory {
  readonly modality?: string;
  /** As acquired. */
  readonly slices: number;
  readonly transferSyntaxes: readonly string[];
  /** What decided the order of the slices. */
  readonly ordering: string;
  /** Faults that were repaired by resampling. */
  readonly repairs: readonly string[];
  /** The window of the files. */
  readonly window?: VoiWindow;
}

/** A value that JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | PlainObject;
/** An object that JSON can hold. */
export interface PlainObject {
  readonly [name: string]: Plain;
}

/** A volume or a mask. */
export interface Recorded {
  readonly engine: Engine;
  readonly history: ProcessingHistory;
}

/**
 * The history of what `operation` made of `inputs`, one at least; Control and what is undefined are left out
 * of its options.
 */
export function historyOf(operation: string, options: object, ...inputs: Recorded[]): ProcessingHistory {
  const { signal, onProgress, ...own } = { signal: undefined, onProgress: undefined, ...options };
  return entry(inputs[0].engine, operation, {
    options: plainObject(own),
    inputs: Object.freeze(inputs.map(({ history }) => history)),
  });
}

/** Of loading; `options` are those that change values. */
export function historyOfLoading(
  engine: Engine,
  series: Series,
  options: { readonly clip?: boolean } = {},
): ProcessingHistory {
  const { modality, slices, transferSyntaxes, ordering, resampling, window } = series;
  const source: SourceHistory = Object.freeze({
    ...(modality === undefined ? {} : { modality }),
    slices: slices.length,
    transferSyntaxes: Object.freeze([...transferSyntaxes]),
    ordering,
    repairs: Object.freeze([...(resampling?.repairs ?? [])]),
    ...(window && { window: Object.freeze({ ...window }) }),
  });
  return entry(engine, "loadVolume", { source, options: plainObject(options) });
}

/** Of numbers that were handed over; `options` without them. */
export function historyOfArrays(engine: Engine, operation: string, options: object): ProcessingHistory {
  const { signal, onProgress, ...own } = { signal: undefined, onProgress: undefined, ...options };
  return entry(engine, operation, { options: plainObject(own) });
}

/** Options of memory that its owner fills. */
export function unrecorded(engine: Engine): ProcessingHistory {
  return entry(engine, "unrecorded", {});
}

function entry(
  { adapter }: Engine,
  operation: string,
  known: Partial<Pick<ProcessingHistory, "options" | "source" | "inputs">>,
): ProcessingHistory {
  const nothing = { options: Object.freeze({}), inputs: Object.freeze([]) };
  return Object.freeze({ hounsfield: version, adapter: adapter.name, operation, ...nothing, ...known });
}

function plainObject(value: object): PlainObject {
  const known = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.freeze(Object.fromEntries(known.map(([name, one]) => [name, plain(one)])));
}

/** A frozen copy without what JSON has no word for. */
function plain(value: unknown): Plain {
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (Array.isArray(value)) return Object.freeze(value.map(plain));
  if (typeof value === "object" && value !== null) return plainObject(value);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return typeof value === "boolean" ? value : String(value);
}
