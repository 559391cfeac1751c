import { afterWork } from "./after_work.js";

interface Mark {
  /** The work that is done when this resolves, of all there ever was. */
  readonly work: number;
  readonly done: Promise<unknown>;
}

type Queue = Pick<GPUQueue, "submit" | "onSubmittedWorkDone">;

/** Submissions in flight at most, however small. */
const MOST_SUBMISSIONS = 128;

/**
 * How much of what was submitted to a queue is still to be done. An operation whose result stays on the
 * device waits for nothing: only where too much is in flight it waits for the oldest, so that a cancel is
 * felt, other work has its turn, and freed memory is soon free. Work that somebody waited for in any other
 * way, by reading a result, is known to be done, so that most chains never wait here at all.
 */
export class WorkInFlight {
  readonly #queue: Queue;
  readonly #most: number;
  #submitted = 0;
  #done = 0;
  #marks: Mark[] = [];

  /** `most` in the unit of `add`. */
  constructor(queue: Queue, most: number) {
    this.#queue = queue;
    this.#most = most;
  }

  /** Notes what was just submitted. */
  add(work: number): void {
    this.#submitted += Math.max(work, this.#most / MOST_SUBMISSIONS);
    // At every half there is a mark to wait for, so that the device always has the other half to do.
    const marked = this.#marks[this.#marks.length - 1]?.work ?? this.#done;
    if (this.#submitted - marked < this.#most / 2) return;
    const done = this.#queue.onSubmittedWorkDone();
    // Told to whoever waits for it, if anybody does.
    done.catch(() => {});
    this.#marks.push({ work: this.#submitted, done });
  }

  /** Waits until no more than the most is in flight. */
  async room(): Promise<void> {
    while (this.#submitted - this.#done > this.#most && this.#marks.length > 0) {
      const [{ work, done }] = this.#marks;
      await afterWork(this.#queue, done);
      this.#isDone(work);
    }
  }

  /** What `waiting` resolves to: a promise that does so once all submitted by now is done. */
  async after<T>(waiting: Promise<T>): Promise<T> {
    const work = this.#submitted;
    const value = await afterWork(this.#queue, waiting);
    this.#isDone(work);
    return value;
  }

  #isDone(work: number): void {
    this.#done = Math.max(this.#done, work);
    this.#marks = this.#marks.filter((mark) => mark.work > this.#done);
  }
}
