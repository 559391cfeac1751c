import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError, type SeriesCandidate } from "../../core/errors.js";
import { checkArgument, type Rule } from "../../core/options.js";
import { either, listOf, number, text } from "../../core/rules.js";
import type { RefusedSeries, Series } from "./list_series.js";

/**
 * The one series to work on. Without a pick: the only CT stack; or the only stack, or the only series, where
 * there is no CT or no stack. Localizers, secondary captures, other modalities, single slices and projections
 * never compete with a CT stack; a diagnostic of the series chosen names them.
 * @param pick a Series Instance UID, or the series' number in the list, from 1 (as a number or in digits)
 * @throws HounsfieldError `several-series` when more than one is left, listing all in `candidates`;
 * `invalid-option` when the pick is none of them, which lists them too; the refusal of the series chosen,
 * where it makes no faithful volume
 */
export function chooseSeries(series: readonly (Series | RefusedSeries)[], pick?: string | number): Series {
  checkArgument("chooseSeries", "series", series, listOf(seriesRule, "series, as listSeries(...).series"));
  if (pick !== undefined) checkArgument("chooseSeries", "pick", pick, either(text, number));
  const candidates = pick === undefined ? likelySeries(series) : pickedSeries(series, String(pick).trim());
  if (candidates.length > 1) throw severalSeries(series);
  const [chosen] = candidates;
  if (chosen === undefined) {
    const message = `no series is "${pick}"; choose by UID or by number; found: ${listed(series)}`;
    throw new HounsfieldError("invalid-option", message, {
      option: "pick",
      got: pick,
      candidates: candidatesOf(series),
    });
  }
  if (chosen.refusal) throw chosen.refusal;
  return series.length === 1 || pick !== undefined
    ? chosen
    : { ...chosen, diagnostics: withSetAside(chosen, series) };
}

const seriesRule: Rule = (value) => {
  const { slices, role } = (value ?? {}) as Partial<Series>;
  return Array.isArray(slices) && slices[0]?.source && role
    ? undefined
    : "one series, as listSeries gives them";
};

function withSetAside(chosen: Series, series: readonly (Series | RefusedSeries)[]): readonly Diagnostic[] {
  const others = series.filter((one) => one !== chosen);
  const lines = others.map((one) => describeSeries(one) + (one.setAside ? ` (${one.setAside})` : ""));
  const message = `${others.length} other series set aside: ${abridged(lines)}`;
  // What stood back for this series only because it is one slice, or computed, may be a part of it; so may
  // what has its Series UID, and what lost its own or its modality, which every image has (PS3.3 C.7.3.1).
  const isRival = others.some(
    ({ role, modality, seriesInstanceUid: uid, files }) =>
      role === "stack" &&
      !files &&
      ([undefined, chosen.modality].includes(modality) ||
        [undefined, chosen.seriesInstanceUid].includes(uid)),
  );
  const severity = isRival ? "warning" : "info";
  return [...chosen.diagnostics, { severity, code: "series-set-aside", message }];
}

/**
 * One line for lists: what it is called, which of several volumes it is, number of images, size, where it is.
 */
export function describeSeries(series: Series | RefusedSeries): string {
  checkArgument("describeSeries", "series", series, seriesRule);
  const { role, part, description, slices, seriesInstanceUid } = series;
  const { columns, rows, numberOfFrames } = slices[0];
  const modality = series.modality ?? (series.files ? "image" : "unknown modality");
  const kind = modality + (role === "stack" ? "" : ` ${role}`);
  const what = numberOfFrames > 1 ? "frame" : "slice";
  const number = slices[0].frame === undefined && numberOfFrames > 1 ? numberOfFrames : slices.length;
  const count = `${number} ${what}${number === 1 ? "" : "s"}`;
  const name = description ? `"${description}"` : "without description";
  const refused = series.refusal ? ", makes no volume" : "";
  const uid = seriesInstanceUid ?? "none";
  const which = part ? `, ${part}` : "";
  return `${kind} ${name}${which}, ${count} of ${columns}x${rows} (${slices[0].source.name} ...), UID ${uid}${refused}`;
}

/**
 * What may be meant where nobody says: CT before others, stacks before others; single slices and projections
 * stand back.
 */
function likelySeries(series: readonly (Series | RefusedSeries)[]): readonly (Series | RefusedSeries)[] {
  const stacks = series.filter((one) => one.role === "stack");
  const ct = stacks.filter((one) => one.modality === "CT");
  const meant = [ct, stacks, series].find((list) => list.length > 0) ?? [];
  return [isStack, (one: Series | RefusedSeries) => !isProjection(one)].reduce(
    (left, isMeant) => (left.some(isMeant) ? left.filter(isMeant) : left),
    meant,
  );
}

/** More than one place: not a single slice, nor one place again and again, as contrast is watched for. */
function isStack({ layout, slices }: Series | RefusedSeries): boolean {
  if (layout) return layout.stepsMm.some((step) => step > SAME_PLACE_MM);
  return slices.length > 1 || slices[0].numberOfFrames > 1;
}

const SAME_PLACE_MM = 1e-3;

/**
 * What was computed along rays, by Image Type (PS3.3 C.8.16.1.4 for frames; what writers put there in single
 * images).
 */
const PROJECTION = /(^|[ _])(MIP|MINIP|MAX_IP|MIN_IP|PROJECTION)\b/;

function isProjection({ slices: [{ imageType }] }: Series | RefusedSeries): boolean {
  const values = imageType.map((value) => value.toUpperCase());
  return values[0] === "DERIVED" && values.some((value) => PROJECTION.test(value));
}

function pickedSeries(
  series: readonly (Series | RefusedSeries)[],
  pick: string,
): readonly (Series | RefusedSeries)[] {
  if (/^\d+$/.test(pick)) return series.slice(Number(pick) - 1, Number(pick)).filter(() => Number(pick) >= 1);
  return series.filter((one) => one.seriesInstanceUid === pick);
}

function severalSeries(series: readonly (Series | RefusedSeries)[]): HounsfieldError {
  const message = `${series.length} series where one is needed: ${listed(series)}`;
  const isTorn = series.some(({ diagnostics }) => diagnostics.some(({ code }) => code === "one-even-line"));
  return new HounsfieldError("several-series", message, {
    candidates: candidatesOf(series),
    ...(isTorn && { allow: ["joined"] }),
  });
}

function candidatesOf(series: readonly (Series | RefusedSeries)[]): SeriesCandidate[] {
  return series.map((one, i) => ({
    number: i + 1,
    seriesInstanceUid: one.seriesInstanceUid,
    description: describeSeries(one),
  }));
}

/** Series that a message describes; a heart has twenty phases, a perfusion forty times. */
const LISTED = 20;

function listed(series: readonly (Series | RefusedSeries)[]): string {
  return abridged(series.map((one, i) => `${i + 1}: ${describeSeries(one)}`));
}

function abridged(lines: readonly string[]): string {
  const more = lines.length - LISTED;
  return [...lines.slice(0, LISTED), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
