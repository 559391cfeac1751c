import type { Content, Drawer } from "../frame/drawer.js";
import type { ViewState } from "../state/view_state.js";
import type { Surface } from "./surface.js";

/** What a view draws with, once it is made. */
export interface Stage {
  /**
   * Makes the pictures of a state's projection; a promise of anything where it cannot yet: to be asked again
   * when that resolves.
   */
  drawerOf(state: ViewState): Drawer | Promise<unknown>;
  /** Its version is 0 as long as there is nothing to be seen of the volume. */
  readonly content: Content;
  /** Something that the state asks for is still being made; the loop is woken when it is there. */
  readonly pending: boolean;
  /** The content is about to change, of which the loop is woken: not worth a refined picture. */
  readonly changing: boolean;
}

export interface DrawLoopHooks {
  readonly state: () => ViewState;
  /** A picture is on the canvas; whether it is in full quality. */
  readonly onDrawn: (finished: boolean) => void;
  /** The picture is in full quality, and nothing is left to draw. */
  readonly onSettled: () => void;
  readonly onError: (error: unknown) => void;
}

/** Refinement starts this long after the last change: longer than the gap between two events of a drag. */
const restMs = 80;
/**
 * While slices are taken over, a picture of those that are there is drawn this often: each costs a slow
 * device as much as twenty slices.
 */
const updateMs = 400;
/**
 * Bands of a refinement are shown this often: each showing draws the whole canvas, 50 ms of a processor on
 * SwiftShader.
 */
const showMs = 300;

/**
 * Draws after changes, one animation frame at a time, never while the device is still busy with the frame
 * before.
 */
export function createDrawLoop(surface: Surface, { state, onDrawn, onSettled, onError }: DrawLoopHooks) {
  const ready = deferred();
  let waiting: Deferred[] = [];
  let stage: Stage | undefined;
  let ended: unknown;
  let changed = false;
  /** The change is one that somebody waits to see. */
  let urgent = false;
  let busy = false;
  let finished = false;
  let changedAtMs = Number.NEGATIVE_INFINITY;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let shownAtMs = 0;
  /** A frame was asked for, which comes when the canvas's window shows it. */
  let framed = false;
  /** Another stage is on its way; until then this one draws. */
  let expecting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const schedule = () => {
    clearTimeout(timer);
    if (!stage?.content.version || busy || ended || !surface.hasSize) return;
    framed = true;
    surface.requestFrame(tick);
  };

  /** As `schedule`, but content that goes on changing is not followed step by step. */
  const follow = () => {
    const waitMs = stage?.changing ? drawnAtMs + updateMs - performance.now() : 0;
    if (waitMs <= 0) return schedule();
    clearTimeout(timer);
    timer = setTimeout(schedule, waitMs);
  };

  const rest = () => {
    clearTimeout(timer);
    surface.cancelFrame();
    framed = false;
  };

  const end = (reason: unknown) => {
    if (ended) return false;
    ended = reason;
    rest();
    for (const promise of [ready, ...waiting]) promise.reject(reason);
    return true;
  };

  const fail = (error: unknown) => {
    if (end(error)) onError(error);
  };

  /**
   * Draws what changed, or the next piece of the refinement, and shows what is new in the same task, as a
   * canvas demands.
   */
  const draw = async (on: Stage, woken: boolean): Promise<boolean> => {
    let drawer = on.drawerOf(state());
    while (drawer instanceof Promise) {
      await drawer;
      if (stage !== on || ended) return false;
      drawer = on.drawerOf(state());
    }
    const rests = restLeftMs() <= 0 && !on.changing;
    const stale = drawer.begin(state(), surface.widthPx, surface.heightPx, on.content, rests);
    const advances = stale || rests;
    if (stale) drawnAtMs = performance.now();
    const isTime = () => stale || woken || drawer.finished || performance.now() - shownAtMs >= showMs;
    await drawFrame(drawer, advances, isTime);
    // What is not worth showing needs no frame of the display, whose next one may be 16 ms away.
    const mayGoOn = () => stage === on && !ended && !changed && !on.changing && restLeftMs() <= 0;
    while (!drawer.finished && mayGoOn() && performance.now() - shownAtMs < showMs)
      await drawFrame(drawer, true, () => drawer.finished);
    return drawer.finished;
  };

  /** One submit: the next piece of work, where it `advances`, and what there is to show then. */
  const drawFrame = async (drawer: Drawer, advances: boolean, isShown: () => boolean) => {
    let shown = false;
    const done = surface.frame((frame) => {
      if (advances) drawer.advance(frame);
      if (!isShown()) return;
      drawer.present(state(), surface.target(), frame);
      shown = true;
    });
    if (shown) {
      shownAtMs = performance.now();
      onDrawn(drawer.finished);
    }
    await done;
  };

  /** Makes what pictures need before there is anything to be seen. */
  const prepare = async (on: Stage) => {
    while (stage === on && !ended) {
      const drawer = on.drawerOf(state());
      if (!(drawer instanceof Promise)) return;
      await drawer;
    }
  };

  const tick = async () => {
    framed = false;
    const on = stage;
    if (!on || ended) return;
    busy = true;
    const woken = changed;
    changed = urgent = false;
    try {
      finished = await draw(on, woken);
    } catch (error) {
      // What is drawn with a stage that was taken away in the meantime, its device lost, says nothing any
      // more.
      if (stage === on) fail(error);
    }
    busy = false;
    if (ended) return;
    if (stage !== on) return schedule();
    ready.resolve();
    if (changed) urgent ? schedule() : follow();
    else if (!finished && !on.changing) timer = setTimeout(schedule, restLeftMs());
    else if (finished && !on.pending && !expecting) settle();
  };

  const settle = () => {
    for (const promise of waiting) promise.resolve();
    waiting = [];
    onSettled();
  };

  const restLeftMs = () => Math.max(0, changedAtMs + restMs - performance.now());
  const isSettled = () => stage && !expecting && !stage.pending && finished && !changed && !busy && !framed;

  return {
    ready: ready.promise,
    /** Draws with `made` from now on; with nothing until the next call where it is undefined. */
    use(made: Stage | undefined): void {
      stage = made;
      expecting = false;
      finished = false;
      changed = true;
      if (made) {
        // What it fails by, the first picture fails by too, and tells.
        prepare(made).catch(() => {});
        schedule();
      } else {
        rest();
      }
    },
    /** What `use` will give shows something else: nothing is settled until then. */
    expect(): void {
      expecting = true;
    },
    /** Draws what somebody changed, and refines it when they rest. */
    wake(): void {
      changed = urgent = true;
      changedAtMs = performance.now();
      schedule();
    },
    /** Draws what the stage holds by now. */
    update(): void {
      changed = true;
      follow();
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
