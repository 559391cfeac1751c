/** What the pool needs of a worker, whether a browser's or Node's. */
export interface WorkerLike {
  /** It runs in the caller's thread: nothing that is posted is transferred. */
  readonly inThread?: true;
  post(message: unknown, transfer: ArrayBuffer[]): void;
  /**
   * Called once, before anything is posted. `onFailure` tells that the worker is gone: it will not answer any
   * more. Its reason is a HounsfieldError where no frame is to blame.
   */
  listen(onMessage: (data: unknown) => void, onFailure: (reason: Error) => void): void;
  /** Whether it has work. Until it does, and while it does not, it keeps no process alive. */
  setBusy?(isBusy: boolean): void;
  terminate(): void;
}
