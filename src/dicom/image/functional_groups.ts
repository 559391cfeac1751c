import type { DataElement } from "../syntax/elements.js";
import { TAG } from "../syntax/tags.js";
import { type DataSet, itemsOf, tagValueOf } from "../syntax/values.js";

/**
 * Functional groups of a multi-frame image (PS3.3 C.7.6.16): what all frames share, and what each has of its
 * own.
 */
export interface FunctionalGroups {
  readonly shared?: DataSet;
  /** One a frame. */
  readonly perFrame: readonly DataSet[];
  /** Positions in Dimension Index Values of the dimensions that are no place in space. */
  readonly otherDimensions: readonly number[];
}

/** Dimensions along which one volume extends: all else tells volumes of one place apart (PS3.3 C.7.6.17). */
const SPATIAL = new Set<number | undefined>([
  TAG.ImagePositionPatient,
  TAG.InStackPositionNumber,
  TAG.SliceLocation,
]);

/** The functional groups of `data`; undefined for images that have none. */
export function functionalGroupsOf(data: DataSet): FunctionalGroups | undefined {
  const perFrame = itemsOf(data, TAG.PerFrameFunctionalGroupsSequence);
  const [shared] = itemsOf(data, TAG.SharedFunctionalGroupsSequence);
  if (perFrame.length === 0 && !shared) return undefined;
  const pointers = itemsOf(data, TAG.DimensionIndexSequence).map((item) =>
    tagValueOf(item, TAG.DimensionIndexPointer),
  );
  const otherDimensions = pointers.flatMap((pointer, i) => (SPATIAL.has(pointer) ? [] : [i]));
  return { shared, perFrame, otherDimensions };
}

/**
 * All attributes that hold for one frame, as a single-frame image has them at its top: each macro is in the
 * shared groups or in the frame's own, never in both (PS3.3 C.7.6.16.1.1); should it be in both, the frame's
 * own holds.
 */
export function frameData({ shared, perFrame }: FunctionalGroups, frame: number, file: string): DataSet {
  const elements = new Map<number, DataElement>();
  for (const groups of [shared, perFrame[frame]]) {
    for (const macro of groups?.elements.keys() ?? []) {
      if (!MACROS.has(macro)) continue;
      const [item] = itemsOf(groups!, macro);
      for (const [tag, element] of item?.elements ?? []) elements.set(tag, element);
    }
  }
  return { file, elements, decodeExtended: perFrame[frame]?.decodeExtended ?? shared?.decodeExtended };
}

/**
 * The macros that this library reads; the last two keep what a converted single-frame image had besides
 * (PS3.3 C.7.6.16.2.25).
 */
const MACROS = new Set<number>([
  TAG.FrameContentSequence,
  TAG.PlanePositionSequence,
  TAG.PlaneOrientationSequence,
  TAG.PixelMeasuresSequence,
  TAG.PixelValueTransformationSequence,
  TAG.FrameVOILUTSequence,
  TAG.CardiacSynchronizationSequence,
  TAG.CTImageFrameTypeSequence,
  TAG.CTAcquisitionDetailsSequence,
  TAG.CTReconstructionSequence,
  TAG.CTXRayDetailsSequence,
  TAG.CTExposureSequence,
  TAG.CTTableDynamicsSequence,
  TAG.MREchoSequence,
  TAG.MRDiffusionSequence,
  TAG.UnassignedSharedConvertedAttributesSequence,
  TAG.UnassignedPerFrameConvertedAttributesSequence,
]);
