/** Notes what goes wrong with one's own work on a device that others work on too. */
export interface ErrorWatch {
  readonly failures: GPUError[];
  /** Does what hands work to the device, at once. */
  during<T>(work: () => T): T;
  /** Resolves when all that was handed over so far has been judged. */
  settled(): Promise<unknown>;
}

/** Of a device of one's own: all of its errors are heard of anyway. */
export const unwatched: ErrorWatch["during"] = (work) => work();
