import type { Vec3 } from "../../core/grid.js";
import type { Component } from "../../ops/mask/list_components.js";

/** Cross-sections of a trachea or main bronchus: of adults 60 to 400 mm2, to 900 where it is widened. */
const areaMm2 = { least: 60, most: 900 } as const;
/** Of the box around it: a disc fills 0.79, a half moon 0.5. */
const LEAST_FILL = 0.5;
const MOST_ELONGATION = 2.5;
/** How far the middle of an airway moves over one slice, and over each millimeter between slices. */
const mostShift = { mm: 6, perMm: 0.5 } as const;
/** The trachea is 100 to 130 mm long: what is followed as far as this is it. */
const TRACHEA_MM = 40;
/**
 * A track that begins farther below the highest air of the body than this is bowel: the trachea leads out of
 * the chest.
 */
const MOST_BELOW_TOP_MM = 80;
/**
 * In a scan that misses it, all that is followed as far as this, near the middle of the body, may be a
 * bronchus.
 */
const bronchus = { leastMm: 15, mostOffMiddleMm: 60 } as const;

interface Section {
  readonly component: Component;
  readonly z: number;
  readonly areaMm2: number;
}

/** Where the airways are seen without growth. */
export interface AirwaySeeds {
  /** Voxels in their lumen, head first. */
  readonly seeds: readonly Vec3[];
  /**
   * The middle of the trachea in the lowest slice in which it is one roundish part, at or a little below the
   * carina; undefined without a trachea.
   */
  readonly carina: Vec3 | undefined;
}

/**
 * Voxels in the lumen of the airways, from the parts of each slice (4-connected, axes LPS): roundish ones are
 * followed down from slice to slice; the longest track is the trachea.
 */
export function airwaySeeds(parts: readonly Component[], spacingMm: Vec3, middleX: number): AirwaySeeds {
  const tracks = followSections(sectionsOf(parts, spacingMm), spacingMm);
  const lengthMm = (track: Section[]) => (track[0].z - track[track.length - 1].z + 1) * spacingMm[2];
  const weight = (track: Section[]) => track.reduce((sum, { areaMm2 }) => sum + Math.min(areaMm2, 400), 0);
  const top = parts.reduce((most, { voxels, minimum }) => {
    return voxels * spacingMm[0] * spacingMm[1] >= areaMm2.least ? Math.max(most, minimum[2]) : most;
  }, 0);
  const isInChest = (track: Section[]) => (top - track[0].z) * spacingMm[2] <= MOST_BELOW_TOP_MM;
  const isTrachea = (track: Section[]) => lengthMm(track) >= TRACHEA_MM && isInChest(track);
  const long = tracks.filter(isTrachea).sort((a, b) => weight(b) - weight(a));
  const isBronchus = (track: Section[]) => {
    const x = track.reduce((sum, { component }) => sum + component.centroid[0], 0) / track.length;
    const offMm = Math.abs(x - middleX) * spacingMm[0];
    return isInChest(track) && lengthMm(track) >= bronchus.leastMm && offMm <= bronchus.mostOffMiddleMm;
  };
  const chosen = long.length > 0 ? long.slice(0, 1) : tracks.filter(isBronchus);
  const seeds = chosen.flat().map(({ component: { centroid, minimum } }): Vec3 => {
    return [Math.round(centroid[0]), Math.round(centroid[1]), minimum[2]];
  });
  return { seeds, carina: long.at(0)?.at(-1)?.component.centroid };
}

function sectionsOf(parts: readonly Component[], [sx, sy]: Vec3): Section[] {
  return parts.flatMap((component) => {
    const { voxels, minimum, maximum } = component;
    const area = voxels * sx * sy;
    const width = (maximum[0] - minimum[0] + 1) * sx;
    const height = (maximum[1] - minimum[1] + 1) * sy;
    const isRoundish =
      area >= areaMm2.least &&
      area <= areaMm2.most &&
      Math.max(width, height) <= MOST_ELONGATION * Math.min(width, height) &&
      area >= LEAST_FILL * width * height;
    return isRoundish ? [{ component, z: minimum[2], areaMm2: area }] : [];
  });
}

/** Chains of sections, head first, each continued by the nearest of like size in the next slice. */
function followSections(sections: readonly Section[], spacingMm: Vec3): Section[][] {
  const tracks: Section[][] = [];
  const headFirst = [...sections].sort(
    (a, b) => b.z - a.z || a.component.centroid[0] - b.component.centroid[0],
  );
  for (const section of headFirst) {
    const near = tracks
      .map((track) => ({ track, mm: shiftMm(track[track.length - 1], section, spacingMm) }))
      .filter(({ mm }) => mm < mostShift.mm + mostShift.perMm * spacingMm[2]);
    if (near.length === 0) tracks.push([section]);
    else near.reduce((best, other) => (other.mm < best.mm ? other : best)).track.push(section);
  }
  return tracks;
}

/**
 * Between the middles of two sections; infinite unless the second lies just below the first and is of like
 * size.
 */
function shiftMm(above: Section, below: Section, [sx, sy]: Vec3): number {
  const ratio = below.areaMm2 / above.areaMm2;
  if (above.z - below.z !== 1 || ratio < 0.5 || ratio > 2) return Number.POSITIVE_INFINITY;
  const [a, b] = [above.component.centroid, below.component.centroid];
  return Math.hypot((a[0] - b[0]) * sx, (a[1] - b[1]) * sy);
}
