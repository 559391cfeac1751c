import type { Grid } from "../../core/grid.js";
import { TRANSFER_SYNTAX_NAMES } from "../../decode/transfer_syntaxes.js";
import type { Resampling } from "../../dicom/geometry/regrid_plan.js";
import type { SliceHeader } from "../../dicom/image/slice_header.js";
import type { RefusedSeries, Series } from "../../dicom/series/list_series.js";
import type { SeriesInfo, StudyInfo } from "./info.js";
import { labelsText } from "./info_labels.js";
import { problemText } from "./problem_text.js";
import { facts, table } from "./table.js";

/**
 * Up to so many series are told of in full; of more, the table, and why those are no volume that are none.
 */
const IN_FULL = 6;

/**
 * What `info` tells a person: a table of the series, then each with all that is known of it, then what was
 * set aside.
 */
export function infoText(info: StudyInfo, width?: number): string {
  const { series, seriesCount } = info;
  const isAll = series.length === seriesCount;
  const parts = [
    series.length > 1 ? overviewOf(series) : "",
    ...(series.length > IN_FULL
      ? [shortly(series, width)]
      : series.map((one) => sectionOf(one, seriesCount, width))),
    isAll ? setAside(info, width) : "",
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function overviewOf(all: readonly SeriesInfo[]): string {
  const rows = all.map(({ number, series }) => [
    String(number),
    series.modality ?? "?",
    series.refusal ? "none" : series.role === "stack" ? "yes" : series.role,
    ...imagesOf(series),
    series.refusal ? "" : series.grid.spacingMm.map(round).join(" x "),
    String(series.diagnostics.filter(({ severity }) => severity === "warning").length || ""),
    [series.description, series.part].filter(Boolean).join(", "),
  ]);
  const head = ["#", "modality", "volume", "images", "size", "spacing mm", "warnings", "description"];
  return table(head, rows, [0, 3, 6]);
}

function shortly(all: readonly SeriesInfo[], width?: number): string {
  const rows = all.flatMap(({ number, series: { refusal } }): [string, string][] =>
    refusal ? [[`${number} no volume`, problemText(refusal)]] : [],
  );
  const labels = all.flatMap((one) =>
    one.labels ? [`series ${one.number}: ${labelsText(one.labels)}\n`] : [],
  );
  return `${facts(rows, width)}${labels.join("")}all of one: --series NUMBER\n`;
}

function imagesOf({ slices }: Series | RefusedSeries): [count: string, size: string] {
  const [{ columns, rows, numberOfFrames, frame }] = slices;
  const count = frame === undefined ? Math.max(slices.length, numberOfFrames) : slices.length;
  return [String(count), `${columns}x${rows}`];
}

function sectionOf({ series, number, patient, labels }: SeriesInfo, count: number, width?: number): string {
  const { role, part, description, slices, files } = series;
  const { modality = files ? "image" : "unknown modality" } = series;
  const [images, size] = imagesOf(series);
  const kind = role === "stack" ? modality : `${modality} ${role}`;
  const what = `${images} slice${images === "1" ? "" : "s"} of ${size}`;
  const title = `series ${number} of ${count}: ${kind} ${description ? `"${description}"` : "without description"}${part ? `, ${part}` : ""}, ${what}`;
  const rows: [string, string][] = [
    ...(series.refusal
      ? [["no volume", problemText(series.refusal)] satisfies [string, string]]
      : geometryRows(series)),
    ...(files ? [["format", formatName(files[0].name)] satisfies [string, string]] : dicomRows(series)),
    ...valueRows(slices),
    ...(files ? [] : [["series", seriesName(series)] satisfies [string, string]]),
    ...otherRows(series),
    ...Object.entries(patient ?? {}).flatMap(([key, value]): [string, string][] =>
      value ? [[words(key), value]] : [],
    ),
    ...diagnosticRows(series),
  ];
  return `${title}\n${facts(rows, width)}${labels ? `\n${labelsText(labels)}` : ""}`;
}

function geometryRows({ grid, ordering, slices, resampling }: Series): [string, string][] {
  const [first, last] = [slices[0], slices[slices.length - 1]];
  const extentMm = grid.size.map((count, axis) => Math.round(count * grid.spacingMm[axis]));
  return [
    ["size x, y, z", `${grid.size.join(" x ")} voxels, ${extentMm.join(" x ")} mm`],
    ["spacing x, y, z", `${grid.spacingMm.map(round).join(" x ")} mm`],
    ["origin (LPS)", `${grid.originMm.map(round).join(", ")} mm`],
    ["direction", directionText(grid)],
    ["ordered by", ordering],
    ...(resampling ? [["resampled", repairText(resampling)] satisfies [string, string]] : []),
    ["first slice", placeOf(first)],
    ["last slice", placeOf(last)],
  ];
}

function repairText({ repairs, slices }: Resampling): string {
  const measured = slices.filter((slice) => slice.measured).length;
  return `for ${repairs.join(" and ")}: ${measured} of ${slices.length} slices are measured, the others interpolated`;
}

function placeOf({ source, sliceLocation }: SliceHeader): string {
  return sliceLocation === undefined ? source.name : `${source.name}, Slice Location ${sliceLocation} mm`;
}

const TOWARD = [
  ["left", "right"],
  ["back", "front"],
  ["head", "feet"],
] as const;
/** Axes that are off by less than 0.26 degrees are called by what they run along; 1e-5 is 1 - cos of that. */
const STRAIGHT = 1 - 1e-5;

/** "x to the left, y to the back, z to the head"; the matrix too, where an axis is oblique. */
function directionText({ direction }: Grid): string {
  const columns = [0, 1, 2].map((axis) => [0, 3, 6].map((row) => direction[row + axis]));
  const names = columns.map((column, axis) => {
    const along = column.findIndex((part) => Math.abs(part) === Math.max(...column.map(Math.abs)));
    const toward = TOWARD[along][column[along] > 0 ? 0 : 1];
    const isStraight = Math.abs(column[along]) >= STRAIGHT;
    return { text: `${"xyz"[axis]} to the ${toward}`, isStraight };
  });
  const text = names.map((name) => name.text).join(", ");
  if (names.every(({ isStraight }) => isStraight)) return text;
  return `oblique, mostly ${text}; matrix ${direction.map(round).join(" ")}`;
}

function valueRows([first]: readonly SliceHeader[]): [string, string][] {
  const { bitsStored, bitsAllocated, pixelRepresentation, rescaleSlope, rescaleIntercept, rescaleType } =
    first;
  const { windows = [] } = first;
  const sign = pixelRepresentation ? "signed" : "unsigned";
  const rescale = `${rescaleSlope ?? "no slope"}, ${rescaleIntercept ?? "no intercept"}${rescaleType ? ` (${rescaleType})` : ""}`;
  return [
    ["bits", `${bitsStored} stored of ${bitsAllocated}, ${sign}`],
    ["rescale", rescale],
    ...windows.map(({ centerHu, widthHu, voiFunction, explanation }, i): [string, string] => [
      i === 0 ? "window" : "or",
      `width ${widthHu}, center ${centerHu}, ${voiFunction}${explanation ? `, "${explanation}"` : ""}`,
    ]),
  ];
}

function dicomRows({ transferSyntaxes, slices: [first] }: Series | RefusedSeries): [string, string][] {
  return [
    ["transfer syntax", transferSyntaxes.map(syntaxName).join("; ")],
    ["kernel", first.convolutionKernel ?? "unknown"],
  ];
}

/** Of a file of another program, by its name, as listing knows it. */
function formatName(name: string): string {
  if (/\.n(rrd|hdr)$/i.test(name)) return "NRRD";
  return /\.mh[ad]$/i.test(name) ? "MetaImage" : "NIfTI";
}

function seriesName({ seriesNumber, seriesInstanceUid }: Series | RefusedSeries): string {
  const number = seriesNumber === undefined ? "" : `number ${seriesNumber}, `;
  return `${number}UID ${seriesInstanceUid ?? "none"}`;
}

function diagnosticRows(series: Series | RefusedSeries): [string, string][] {
  return series.diagnostics.map(({ severity, message, code, files = [] }) => {
    const unnamed = files.filter((file) => !message.includes(file));
    const more =
      unnamed.length > 3
        ? `${unnamed.slice(0, 3).join(", ")} and ${unnamed.length - 3} more`
        : unnamed.join(", ");
    return [severity, `${message} [${code}]${more ? `: ${more}` : ""}`];
  });
}

const SHOWN = new Set([
  ...["slices", "role", "seriesInstanceUid", "seriesNumber", "description", "modality", "transferSyntaxes"],
  ...["grid", "ordering", "diagnostics", "refusal", "part", "layout", "resampling"],
]);

/**
 * What a series says of itself beyond the rows above, such as why it is set aside: a field that listing
 * learns to give is shown, not lost.
 */
function otherRows(series: object): [string, string][] {
  return Object.entries(series).flatMap(([key, value]): [string, string][] =>
    SHOWN.has(key) || !["string", "number", "boolean"].includes(typeof value)
      ? []
      : [[words(key), String(value)]],
  );
}

/** What is no image by its reason, then what is said of single files. */
function setAside({ skipped, broken, diagnostics, unreadable }: StudyInfo, width?: number): string {
  const files = skipped.reasons.map(({ reason, files, examples }): [string, string] => {
    const more = files > examples.length ? ", ..." : "";
    return [`${files} file${files === 1 ? "" : "s"}`, `${reason}: ${examples.join(", ")}${more}`];
  });
  const rows = [
    ...files,
    ...broken.map((text): [string, string] => ["broken", text]),
    ...diagnostics
      .filter(({ code }) => code !== "broken-file")
      .map(({ code, message }): [string, string] => ["warning", `${message} [${code}]`]),
    ...unreadable.map((text): [string, string] => ["unreadable", text]),
  ];
  return rows.length === 0 ? "" : `set aside\n${facts(rows, width)}`;
}

function syntaxName(uid: string): string {
  const name = TRANSFER_SYNTAX_NAMES.get(uid);
  return name ? `${name}, ${uid}` : uid;
}

/** "patientBirthDate" as "patient birth date". */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function round(value: number): string {
  return String(Math.round(value * 1e4) / 1e4);
}
