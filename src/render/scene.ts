import type { Arrival } from "../volume/arrival.js";
import type { CtVolume } from "../volume/ct_volume.js";
import type { Lease } from "../volume/shares.js";
import { createDisplayTexture, type DisplayTexture } from "./display_texture.js";

/** What the views of one volume draw from together, kept up with the volume while it is loaded. */
export interface Scene {
  readonly display: DisplayTexture;
  /** Rises when there is something new to draw. */
  readonly version: number;
  /** Called at each rise, until the call it gives is made. */
  onUpdate(listener: () => void): () => void;
  /** Called with what made following the volume fail. */
  onError(listener: (error: unknown) => void): () => void;
  destroy(): void;
}

/** The scene of a volume: the same for all who hold it at a time. Rejects as `createDisplayTexture`. */
export function takeScene(volume: CtVolume): Promise<Lease<Scene>> {
  return volume.shares.take("scene", () => createScene(volume));
}

async function createScene(volume: CtVolume): Promise<Scene> {
  const updates = new Set<() => void>();
  const errors = new Set<(error: unknown) => void>();
  const fail = (error: unknown) => {
    for (const listener of [...errors]) listener(error);
  };
  let version = 0;
  const { arrival } = volume;
  // Asked before the wait: what arrives meanwhile is found by `follow`.
  const empty = arrival?.complete === false;
  const display = await createDisplayTexture(volume, { empty });
  const stop = arrival
    ? follow(volume, arrival, empty, fail, async (z0, z1) => {
        await display.update(z0, z1);
        version++;
        for (const listener of [...updates]) listener();
      })
    : () => {};
  return {
    display,
    get version() {
      return version;
    },
    onUpdate: (listener) => subscribe(updates, listener),
    onError: (listener) => subscribe(errors, listener),
    destroy() {
      stop();
      display.destroy();
    },
  };
}

/** Hands slices over as they arrive, with those that are there already where `fromStart`, until the call it gives is made. */
function follow(
  { grid }: CtVolume,
  arrival: Arrival,
  fromStart: boolean,
  onError: (error: unknown) => void,
  update: (z0: number, z1: number) => Promise<void>,
): () => void {
  const dirty = new Uint8Array(grid.size[2]);
  let busy = false;
  let stopped = false;
  /** Slices that come while others are being handed over wait together, so that a fast loader is followed in few steps. */
  const handOver = async () => {
    if (busy) return;
    busy = true;
    try {
      for (let run = nextRun(dirty); run && !stopped; run = nextRun(dirty)) {
        dirty.fill(0, ...run);
        await update(...run);
      }
    } catch (error) {
      if (!stopped) onError(error);
    }
    busy = false;
  };
  const unsubscribe = arrival.on((event) => {
    if (event.kind === "failed") onError(event.error);
    if (event.kind !== "slices") return;
    dirty.fill(1, event.z0, event.z1);
    handOver();
  });
  if (fromStart) {
    dirty.forEach((_, z) => {
      if (arrival.isFilled(z)) dirty[z] = 1;
    });
    handOver();
  }
  return () => {
    stopped = true;
    unsubscribe();
  };
}

/** The first slices [z0, z1) that are set and lie together. */
function nextRun(dirty: Uint8Array): [number, number] | undefined {
  const z0 = dirty.indexOf(1);
  if (z0 < 0) return undefined;
  const end = dirty.indexOf(0, z0);
  return [z0, end < 0 ? dirty.length : end];
}

function subscribe<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}
