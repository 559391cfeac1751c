import { standsInFor } from "../../volume/coarse_order.js";
import type { SliceArrivals } from "../../volume/slice_arrivals.js";
import type { DisplayTexture } from "../texture/display_texture.js";

/**
 * If the coarse pass takes longer than this, show missing slices as air. Not while the GPU is still copying
 * slices: extra frames would slow it down.
 */
const patienceMs = 250;
/** Number of coarse slices copied together: a few megabytes of staging. */
const atOnce = 4;

export interface ArrivalHooks {
  /** The display texture holds something new. */
  onUpdate(): void;
  /** It holds all, and no more will come. */
  onDone(): void;
  onError(error: unknown): void;
}

export interface ArrivalFollower {
  /** Slices are being taken over: `onUpdate` follows. */
  readonly busy: boolean;
  /** Idempotent. */
  stop(): void;
}

/**
 * Takes slices over into a display texture as they arrive, each in place of its neighbors until they do;
 * those that are there already too, where the texture is `empty`. Says nothing of it before the texture is
 * covered: by slices, or after a quarter of a second by air.
 */
export function followArrival(
  display: DisplayTexture,
  arrival: SliceArrivals,
  empty: boolean,
  { onUpdate, onDone, onError }: ArrivalHooks,
): ArrivalFollower {
  const { slices } = display;
  /** Which slice the texture holds, and which it should hold, at each place; -1 none. */
  const held = new Int32Array(slices).fill(empty ? -1 : 0);
  const wanted = Int32Array.from(held);
  /** Which slice can stand in at each place, and whether the place has held anything yet. */
  const standIns = new Int32Array(slices).fill(-1);
  const blank = new Uint8Array(slices).fill(empty ? 1 : 0);
  let covered = !empty;
  let busy = false;
  let stopped = false;
  let late = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (z: number) => {
    const [z0, z1] = standsInFor(z, slices);
    for (let to = z0; to < z1; to++) {
      if (wanted[to] < 0) wanted[to] = z;
      if (z1 - z0 > 1) standIns[to] = z;
    }
    wanted[z] = z;
    held[z] = -1;
  };
  const cover = () => {
    late = true;
    if (covered || stopped || busy) return;
    for (let z = 0; z < slices; z++) if (blank[z]) display.clear(z, z + 1);
    covered = true;
    onUpdate();
  };
  /**
   * What to take over next. The coarse whole first, also where its slices' neighbors came meanwhile: on a
   * slow device it is an eighth of the work; some slices at once, for each alone waits for all that the
   * device was given before it.
   */
  const nextRuns = (): Run[] => {
    const runs: Run[] = [];
    const begin = (run: Run) => {
      const [z0, z1, standIn] = run;
      for (let z = z0; z < z1; z++) held[z] = standIn ?? z;
      blank.fill(0, z0, z1);
      runs.push(run);
    };
    for (let run = nextBlank(standIns, blank); run; run = nextBlank(standIns, blank)) {
      begin(run);
      if (runs.length === atOnce) break;
    }
    const run = runs.length === 0 && nextRun(wanted, held);
    if (run) begin(run);
    return runs;
  };
  /**
   * Slices that come while others are being taken over wait together: a fast loader is followed in few steps.
   */
  const follow = async () => {
    if (busy) return;
    busy = true;
    timer ??= setTimeout(cover, patienceMs);
    try {
      for (let runs = nextRuns(); runs.length > 0 && !stopped; runs = nextRuns()) {
        await Promise.all(runs.map((run) => display.update(...run)));
        covered ||= !blank.includes(1);
        if (covered && !stopped) onUpdate();
      }
      busy = false;
      if (late) cover();
    } catch (error) {
      if (!stopped) onError(error);
    }
    busy = false;
    if (arrival.complete && !stopped) onDone();
  };
  const unsubscribe = arrival.on((event) => {
    if (event.kind === "failed") onError(event.error);
    if (event.kind === "slice") take(event.z);
    if (event.kind === "slice" || event.kind === "complete") follow();
  });
  if (empty) {
    const there = Array.from({ length: slices }, (_, z) => z).filter((z) => arrival.has(z));
    for (const z of there) take(z);
    if (there.length > 0 || arrival.complete) follow();
  }
  return {
    get busy() {
      return busy;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

type Run = readonly [z0: number, z1: number, standIn: number | undefined];

/** The first places that have held nothing yet and that one slice can stand in for. */
function nextBlank(standIns: Int32Array, blank: Uint8Array): Run | undefined {
  const z0 = standIns.findIndex((z, to) => z >= 0 && blank[to] === 1);
  if (z0 < 0) return undefined;
  let z1 = z0 + 1;
  while (z1 < standIns.length && standIns[z1] === standIns[z0] && blank[z1] === 1) z1++;
  return [z0, z1, standIns[z0]];
}

/**
 * The first places that do not hold what they should, and have their own slices, or together one that stands
 * in for them.
 */
function nextRun(wanted: Int32Array, held: Int32Array): Run | undefined {
  const z0 = wanted.findIndex((z, to) => z !== held[to]);
  if (z0 < 0) return undefined;
  const isOwn = (to: number) => wanted[to] === to;
  let z1 = z0 + 1;
  if (!isOwn(z0)) {
    while (z1 < wanted.length && wanted[z1] === wanted[z0] && !isOwn(z1) && wanted[z1] !== held[z1]) z1++;
    return [z0, z1, wanted[z0]];
  }
  // One that is held already, as every eighth is, divides no run: a copy more costs less than a pass more and
  // its picture.
  for (let to = z1; to < wanted.length && isOwn(to); to++) if (wanted[to] !== held[to]) z1 = to + 1;
  return [z0, z1, undefined];
}
