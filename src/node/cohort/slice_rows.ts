import type { PatientLabels } from "../../cohort/covid_ct_md/label_slices.js";
import type { Grid } from "../../core/grid.js";
import type { Series } from "../../dicom/series/list_series.js";

export type StudyLabels = Pick<PatientLabels, "diagnosis" | "version" | "slices">;

/** A slice of an output: where it lies, what it was made of, and what the radiologists said of that. */
export interface SliceRow {
  readonly output: string;
  /** Of the array's first axis. */
  readonly z: number;
  /** Slice Location, in mm, interpolated where the slice lies between two. */
  readonly locationMm?: number;
  /** Of the nearest image: its place among the study's images by file name, from 1. */
  readonly image: number;
  /** Whether the slice is that image's, and no interpolation. */
  readonly measured: boolean;
  /** The nearest image's column of the label arrays. */
  readonly column?: number;
  readonly infected?: boolean;
  readonly lobes?: readonly string[];
}

/** How far a slice may be off an image's place, in steps, to be that image's. */
const SAME_PLACE = 1e-6;

/** What slices an output has: where they lie, and whether the last comes first. */
export interface OutputSlices {
  readonly grid: Grid;
  readonly isDescending?: boolean;
}

/** The slices of each output, in order; `outputs` by name. */
export function sliceRows(
  series: Series,
  outputs: Readonly<Record<string, OutputSlices>>,
  labels: StudyLabels | undefined,
): SliceRow[] {
  const images = ordinals(series.slices.map(({ source, frame }) => `${source.name} ${frame ?? 0}`));
  return Object.entries(outputs).flatMap(([output, { grid, isDescending }]) => {
    const slices = grid.size[2];
    const step = grid.spacingMm[2] / series.grid.spacingMm[2];
    const first = firstPlace(series.grid, grid);
    return Array.from({ length: slices }, (_, z) => ({
      output,
      z,
      ...placeOf(series, images, first + (isDescending ? slices - 1 - z : z) * step, labels),
    }));
  });
}

/** Where a grid begins among the slices of another, from whose it was made; to a billionth of a slice. */
function firstPlace(from: Grid, { originMm }: Grid): number {
  const alongMm = [0, 1, 2].reduce(
    (sum, row) => sum + from.direction[3 * row + 2] * (originMm[row] - from.originMm[row]),
    0,
  );
  return Math.max(0, Number((alongMm / from.spacingMm[2]).toFixed(9)));
}

/** `at` is the place among the slices of the volume. */
function placeOf(
  series: Series,
  images: readonly number[],
  at: number,
  labels: StudyLabels | undefined,
): Omit<SliceRow, "output" | "z"> {
  const { resampling } = series;
  const nearestVoxel = Math.min(series.grid.size[2] - 1, Math.round(at));
  const made = resampling?.slices[nearestVoxel];
  const nearest = made ? (made.weight > 0.5 ? made.above : made.below) : nearestVoxel;
  const label = labels?.slices[nearest];
  return {
    locationMm: resampling ? undefined : locationAt(series, at),
    image: images[nearest],
    measured: Math.abs(at - nearestVoxel) <= SAME_PLACE && (made?.measured ?? true),
    ...(label && { column: label.column, infected: label.infected, lobes: label.lobes }),
  };
}

function locationAt({ slices }: Series, at: number): number | undefined {
  const below = slices[Math.floor(at)]?.sliceLocation;
  const above = slices[Math.min(slices.length - 1, Math.ceil(at))]?.sliceLocation;
  if (below === undefined || above === undefined) return undefined;
  return Number((below + (above - below) * (at - Math.floor(at))).toFixed(4));
}

/** The place of each name among all of them, from 1. */
function ordinals(names: readonly string[]): number[] {
  const order = [...names].sort();
  const place = new Map(order.map((name, i) => [name, i + 1]));
  return names.map((name) => place.get(name)!);
}
