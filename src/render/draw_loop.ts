import type { Painter } from "./painter.js";
import type { Refinement } from "./refinement.js";
import type { Surface } from "./surface.js";
import type { ViewState } from "./view_state.js";

/** What a view draws with, once it is made. */
export interface Stage {
  readonly painter: Painter;
  readonly refinement: Refinement;
}

/** Refinement starts this long after the last change: longer than the gap between two events of a drag. */
const restMs = 120;

/** Draws after changes, one animation frame at a time, never while the device is still busy with the frame before. */
export function createDrawLoop(surface: Surface, state: () => ViewState, onError: (error: unknown) => void) {
  const ready = deferred();
  let waiting: Deferred[] = [];
  let stage: Stage | undefined;
  let drawn: { projection: string; camera: object; width: number; height: number } | undefined;
  let ended: unknown;
  let changed = false;
  let busy = false;
  let changedAtMs = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const schedule = () => {
    clearTimeout(timer);
    if (stage && !busy && !ended && !frame) frame = requestAnimationFrame(tick);
  };

  const end = (reason: unknown) => {
    if (ended) return false;
    ended = reason;
    clearTimeout(timer);
    if (frame) cancelAnimationFrame(frame);
    for (const promise of [ready, ...waiting]) promise.reject(reason);
    return true;
  };

  const fail = (error: unknown) => {
    if (end(error)) onError(error);
  };

  /** Draws what changed, or the next piece of the refinement, and shows it in the same task, as a canvas demands. */
  const draw = ({ painter, refinement }: Stage): Promise<void> => {
    const { projection, camera } = state();
    const { widthPx: width, heightPx: height } = surface;
    const stale =
      drawn?.projection !== projection ||
      drawn.camera !== camera ||
      drawn.width !== width ||
      drawn.height !== height;
    if (stale) refinement.begin(projection, camera, width, height);
    drawn = { projection, camera, width, height };
    const work = stale || restLeftMs() <= 0 ? refinement.advance() : Promise.resolve();
    painter.present(state(), refinement.layers(), surface.target());
    return work;
  };

  const tick = async () => {
    frame = 0;
    if (!stage || ended) return;
    busy = true;
    changed = false;
    try {
      await draw(stage);
    } catch (error) {
      fail(error);
    }
    busy = false;
    if (ended) return;
    ready.resolve();
    if (changed) schedule();
    else if (!stage.refinement.finished) timer = setTimeout(schedule, restLeftMs());
    else settle();
  };

  const settle = () => {
    for (const promise of waiting) promise.resolve();
    waiting = [];
  };

  const restLeftMs = () => Math.max(0, changedAtMs + restMs - performance.now());
  const isSettled = () => stage?.refinement.finished && !changed && !busy && !frame;

  return {
    ready: ready.promise,
    start(made: Stage): void {
      stage = made;
      changed = true;
      schedule();
    },
    wake(): void {
      changed = true;
      changedAtMs = performance.now();
      schedule();
    },
    settled(): Promise<void> {
      const promise = deferred();
      if (ended) promise.reject(ended);
      else if (isSettled()) promise.resolve();
      else waiting.push(promise);
      return promise.promise;
    },
    /** Ends the loop with an error that its owner is told. */
    fail,
    /** Ends the loop; those who wait are refused with `reason`. */
    stop(reason: unknown): void {
      end(reason);
    },
  };
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(reason: unknown): void;
}

/** A promise whose rejection counts as handled: errors reach the owner by `onError` in any case. */
function deferred(): Deferred {
  let resolve = () => {};
  let reject = (_: unknown) => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve: () => resolve(), reject: (reason) => reject(reason) };
}
