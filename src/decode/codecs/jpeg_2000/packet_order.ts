import type { Coding, ProgressionChange } from "./coding.js";
import type { Precinct, Resolution } from "./tile_grid.js";

export interface Packet {
  readonly layer: number;
  readonly precinct: Precinct;
}

/** The packets of a tile of one component, in the order of the code stream (T.800 B.12). */
export function* packetsInOrder(resolutions: readonly Resolution[], coding: Coding): Generator<Packet> {
  const { changes, progression, layers } = coding;
  const whole = { progression, layers, firstResolution: 0, endResolution: resolutions.length };
  for (const change of changes.length > 0 ? changes : [whole]) {
    for (const packet of inProgression(resolutions, change, Math.min(change.layers, layers))) {
      // What an earlier progression has had is not there again.
      if (packet.layer === packet.precinct.nextLayer) yield packet;
    }
  }
}

function* inProgression(
  resolutions: readonly Resolution[],
  { progression, firstResolution, endResolution }: ProgressionChange,
  layers: number,
): Generator<Packet> {
  const chosen = resolutions.slice(firstResolution, endResolution);
  const precincts = chosen.flatMap((resolution) => resolution.precincts);
  // By layer, by resolution, by resolution and position; the last two begin with the position or the
  // component, and are one where there is one component.
  if (progression === 0) yield* layerByLayer(precincts, layers);
  else if (progression === 1) {
    for (const resolution of chosen) yield* layerByLayer(resolution.precincts, layers);
  } else {
    // Stable: at one point the resolutions stay in their order.
    if (progression > 2) precincts.sort((a, b) => a.y - b.y || a.x - b.x);
    for (const precinct of precincts) yield* layerByLayer([precinct], layers);
  }
}

function* layerByLayer(precincts: readonly Precinct[], layers: number): Generator<Packet> {
  // Layers that all have had are not walked again.
  const first = precincts.reduce((least, { nextLayer }) => Math.min(least, nextLayer), layers);
  for (let layer = first; layer < layers; layer++) {
    for (const precinct of precincts) yield { layer, precinct };
  }
}
