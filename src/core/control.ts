/**
 * How far a long task is. `total` is known from the first report on; `done` never decreases within a stage.
 */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** What every long task takes beside its options. An abort rejects with the signal's reason. */
export interface Control {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}
