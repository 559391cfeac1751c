import { HounsfieldError } from "../../core/errors.js";
import { formatTag, TAG } from "../syntax/tags.js";
import type { DataSet } from "../syntax/values.js";
import { framesByVector } from "./frame_vectors.js";
import { type FunctionalGroups, frameData, functionalGroupsOf } from "./functional_groups.js";
import { frameAcquisitionOf, withSliceFields } from "./slice_fields.js";
import type { SliceHeader } from "./slice_header.js";

/**
 * The frames of a multi-frame image, in the order of the pixel data: by their functional groups
 * (PS3.3 C.7.6.16), else by the vector of places that Frame Increment Pointer names (C.7.6.6). One header, of
 * all frames, where neither says where they lie.
 * @param top what the image says of all its frames
 * @throws HounsfieldError `malformed-dicom` where there are not as many per-frame groups as frames
 */
export function frameHeaders(top: SliceHeader, data: DataSet): SliceHeader[] {
  const groups = functionalGroupsOf(data);
  return groups ? framesByGroups(top, groups) : framesByVector(top, data);
}

function framesByGroups(top: SliceHeader, groups: FunctionalGroups): SliceHeader[] {
  const { perFrame, otherDimensions } = groups;
  if (perFrame.length !== top.numberOfFrames) throw wrongFrameCount(top, perFrame.length);
  return perFrame.map((_, frame) => {
    const own = frameData(groups, frame, top.source.name);
    const stated: Partial<SliceHeader> = {
      ...present(withSliceFields({}, own, top.pixelRepresentation)),
      ...present(frameAcquisitionOf(own, otherDimensions)),
    };
    const frameHeader = { ...top, ...stated };
    return top.numberOfFrames === 1 ? frameHeader : { ...frameHeader, frame };
  });
}

/** Those that a frame states itself: all else stays as the image has it. */
function present(fields: Partial<SliceHeader>): Partial<SliceHeader> {
  const isStated = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isStated(value)));
}

function wrongFrameCount({ source, numberOfFrames }: SliceHeader, got: number): HounsfieldError {
  const message = `${source.name}: has ${numberOfFrames} frames, but functional groups of ${got}`;
  return new HounsfieldError("malformed-dicom", message, {
    file: source.name,
    tag: formatTag(TAG.PerFrameFunctionalGroupsSequence),
    got,
    accepted: numberOfFrames,
  });
}
