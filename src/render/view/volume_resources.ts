import type { Lease } from "../../core/ref_counted.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { createDisplayTexture, type DisplayTexture } from "../texture/display_texture.js";

/** What the views of one volume draw from together, kept up with the volume while it is loaded. */
export interface VolumeResources {
  readonly display: DisplayTexture;
  /** Rises when there is something new to draw; 0 as long as there is nothing. */
  readonly version: number;
  /** The volume is still being loaded. */
  readonly loading: boolean;
  /** The texture is being written to: an update follows, which makes what is drawn until then out of date. */
  readonly changing: boolean;
  /** Called at each rise and when the loading has ended, until the call it gives is made. */
  onUpdate(listener: () => void): () => void;
  /** Called with what made following the volume fail. */
  onError(listener: (error: unknown) => void): () => void;
  destroy(): void;
}

/**
 * What the views of a volume share: the same for all who hold it at a time. Rejects as
 * `createDisplayTexture`.
 */
export function acquireVolumeResources(volume: CtVolume): Promise<Lease<VolumeResources>> {
  return volume.shares.take("volume resources", () => createVolumeResources(volume));
}

async function createVolumeResources(volume: CtVolume): Promise<VolumeResources> {
  const updates = new Set<() => void>();
  const errors = new Set<(error: unknown) => void>();
  const { arrival } = volume;
  // Volumes that are there whole need none.
  const loaded = arrival && (await import("./arrival_follower.js"));
  // What arrives during the wait is found by ArrivalFollower, in a record that was whole before it too: after
  // a device's loss it is filled anew.
  let empty = arrival?.complete === false;
  const unwatch = arrival?.on(() => {
    empty = true;
  });
  const display = await createDisplayTexture(volume, { empty }).finally(unwatch);
  let version = empty ? 0 : 1;
  let loading = empty;
  const tell = () => {
    for (const listener of [...updates]) listener();
  };
  const hooks = {
    onUpdate() {
      version++;
      tell();
    },
    onDone() {
      loading = false;
      tell();
    },
    onError(error: unknown) {
      for (const listener of [...errors]) listener(error);
    },
  };
  const follower = arrival && loaded && new loaded.ArrivalFollower(display, arrival, empty, hooks);
  return {
    display,
    get version() {
      return version;
    },
    get loading() {
      return loading;
    },
    get changing() {
      return follower?.busy ?? false;
    },
    onUpdate: (listener) => subscribe(updates, listener),
    onError: (listener) => subscribe(errors, listener),
    destroy() {
      follower?.stop();
      display.destroy();
    },
  };
}

function subscribe<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}
