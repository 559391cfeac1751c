import { HounsfieldError, isHounsfieldError } from "../../../core/errors.js";
import { readPatient } from "../../../dicom/image/patient.js";
import type { SliceHeader } from "../../../dicom/image/slice_header.js";
import { readHeaders } from "../../../dicom/series/read_headers.js";
import { classifyImage } from "../../../dicom/series/series_role.js";
import { openSources } from "../../open_sources.js";
import type { StudyPlace } from "../find_studies.js";
import { type Group, groupOf } from "./groups.js";

/** What the statistics of a data set ask of one patient; nothing of it is printed but in sums. */
export interface PatientFacts {
  /** The name of its folder, by which label files know it. */
  readonly folder: string;
  readonly group: Group;
  /** As the headers have it: "M", "F", "O". */
  readonly sex?: string;
  /** As the headers have it (PS3.5 6.2, AS): "057Y". */
  readonly age?: string;
  /** Of slices; localizers and pages of text are not counted. */
  readonly images: number;
  /** Of the file whose name comes first. */
  readonly first: Exposure;
  /** Of each slice. */
  readonly slices: readonly Exposure[];
}

/** How one image was exposed (PS3.3 C.8.2.1, C.8.15.3.8); what its header does not say is absent. */
export interface Exposure {
  readonly tubeCurrentMa?: number;
  readonly kvp?: number;
  readonly exposureTimeMs?: number;
  readonly pitch?: number;
}

/**
 * Reads the headers of a patient's folder or archive.
 * @throws HounsfieldError `no-dicom` where there is no slice; what readHeaders throws, but for damaged files,
 * which are left out
 */
export async function readPatientFacts(place: StudyPlace, signal: AbortSignal): Promise<PatientFacts> {
  const sources = await openSources(place.path, { signal });
  const { headers } = await readHeaders(sources, { signal, broken: "list" });
  const slices = headers.filter((header) => classifyImage(header).role === "stack");
  const [first] = [...slices].sort((a, b) => (a.source.name < b.source.name ? -1 : 1));
  if (!first) throw new HounsfieldError("no-dicom", `${place.key}: has no slices`, { file: place.key });
  const { patientSex, patientAge } = await readPatient(first.source).catch((error) => {
    // Its image could be read by the lenient way; who it is of is left unsaid.
    if (isHounsfieldError(error)) return { patientSex: undefined, patientAge: undefined };
    throw error;
  });
  return {
    folder: place.key.slice(place.key.lastIndexOf("/") + 1),
    group: groupOf(place.key),
    ...(patientSex && { sex: patientSex }),
    ...(patientAge && { age: patientAge }),
    images: slices.length,
    first: exposureOf(first),
    slices: slices.map(exposureOf),
  };
}

function exposureOf({ tubeCurrentMa, kvp, exposureTimeMs, spiralPitch }: SliceHeader): Exposure {
  return { tubeCurrentMa, kvp, exposureTimeMs, pitch: spiralPitch };
}
