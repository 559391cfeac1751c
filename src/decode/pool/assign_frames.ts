/**
 * Frames a worker has at a time: enough that it never waits for the next message, few enough that priorities
 * matter.
 */
const MOST_IN_WORKER = 4;
/** A worker gets new frames when it is down to this many. */
const FEW_IN_WORKER = 2;

/** Who gets the next frames, and how many. */
export interface Assignment {
  /** The index of a worker; "new" for one to be started. */
  readonly worker: number | "new";
  readonly frames: number;
}

/**
 * What to do with the frames that wait, given how many each worker has: an idle worker gets them, else a new
 * one, else one that is about to run dry; with it, at most `mostBusy` are busy. Undefined where all have
 * enough.
 */
export function nextAssignment(
  waiting: number,
  framesInWorkers: readonly number[],
  mostBusy: number,
): Assignment | undefined {
  if (waiting === 0) return undefined;
  const fair = Math.ceil(waiting / mostBusy);
  const busy = framesInWorkers.filter((frames) => frames > 0);
  if (busy.length < mostBusy) {
    const idle = framesInWorkers.indexOf(0);
    return { worker: idle < 0 ? "new" : idle, frames: Math.min(fair, MOST_IN_WORKER) };
  }
  const fewest = Math.min(...busy);
  if (busy.length > mostBusy || fewest > FEW_IN_WORKER) return undefined;
  return { worker: framesInWorkers.indexOf(fewest), frames: Math.min(fair, MOST_IN_WORKER - fewest) };
}
