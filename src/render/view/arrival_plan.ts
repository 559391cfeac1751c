import { standsInFor } from "../../volume/coarse_order.js";

/** Places [z0, z1) of a texture take their own slices, or all of them the one slice that stands in. */
export type Run = readonly [z0: number, z1: number, standIn: number | undefined];

/** Number of coarse slices copied together: a few megabytes of staging. */
const AT_ONCE = 4;

/**
 * Which slice each place of a display texture holds, should hold, and can be stood in for by, while slices
 * arrive in any order.
 */
export class ArrivalPlan {
  /** Slice held and slice wanted at each place; -1 none. */
  readonly #held: Int32Array;
  readonly #wanted: Int32Array;
  /** Which slice can stand in at each place. */
  readonly #standIns: Int32Array;
  /** 1 where a place has held nothing yet. */
  readonly #blank: Uint8Array;

  /** @param empty whether the texture holds nothing yet */
  constructor(slices: number, empty: boolean) {
    this.#held = new Int32Array(slices).fill(empty ? -1 : 0);
    this.#wanted = Int32Array.from(this.#held);
    this.#standIns = new Int32Array(slices).fill(-1);
    this.#blank = new Uint8Array(slices).fill(empty ? 1 : 0);
  }

  /** Every place has held something. */
  get isCovered(): boolean {
    return !this.#blank.includes(1);
  }

  /** The places that have held nothing yet. */
  blankPlaces(): number[] {
    return Array.from(this.#blank.keys()).filter((z) => this.#blank[z] === 1);
  }

  /** Slice `z` has arrived, in place of what stood in for it or of what it was before. */
  take(z: number): void {
    const [z0, z1] = standsInFor(z, this.#held.length);
    for (let to = z0; to < z1; to++) {
      if (this.#wanted[to] < 0) this.#wanted[to] = z;
      if (z1 - z0 > 1) this.#standIns[to] = z;
    }
    this.#wanted[z] = z;
    this.#held[z] = -1;
  }

  /**
   * What to take over next, which counts as held then. The coarse whole first, also where its slices'
   * neighbors came meanwhile: on a slow device it is an eighth of the work; some slices at once, for each
   * alone waits for all that the device was given before it.
   */
  nextRuns(): Run[] {
    const runs: Run[] = [];
    while (runs.length < AT_ONCE) {
      const run = nextBlank(this.#standIns, this.#blank);
      if (!run) break;
      this.#hold(run);
      runs.push(run);
    }
    if (runs.length > 0) return runs;
    const run = nextRun(this.#wanted, this.#held);
    if (!run) return [];
    this.#hold(run);
    return [run];
  }

  #hold([z0, z1, standIn]: Run): void {
    for (let z = z0; z < z1; z++) this.#held[z] = standIn ?? z;
    this.#blank.fill(0, z0, z1);
  }
}

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
