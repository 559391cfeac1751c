import type { Vec3 } from "../../core/grid.js";
import { TAG } from "../syntax/tags.js";
import {
  type DataSet,
  decimalOf,
  decimalsOf,
  looseDecimalOf,
  looseIntegerOf,
  signedByOf,
  textOf,
  textsOf,
  unsignedLongsOf,
} from "../syntax/values.js";
import { modalityLutOf } from "./modality_lut.js";
import type { SliceHeader } from "./slice_header.js";
import { windowsOf } from "./voi_window.js";

// Of acquisition, which nothing but this file reads; numbers cost a page less than names.
const MANUFACTURER = 0x00080070;
const MANUFACTURER_MODEL_NAME = 0x00081090;
const EXPOSURE_TIME = 0x00181150;
const X_RAY_TUBE_CURRENT = 0x00181151;
const EXPOSURE = 0x00181152;
const EXPOSURE_IN_UAS = 0x00181153;
const SPIRAL_PITCH_FACTOR = 0x00189311;
const EXPOSURE_TIME_IN_MS = 0x00189328;
const X_RAY_TUBE_CURRENT_IN_MA = 0x00189330;
const EXPOSURE_IN_MAS = 0x00189332;

/** Which study and series an image is of, and what it is for. No patient's name or identity is read. */
export function identityOf(data: DataSet) {
  return {
    studyInstanceUid: textOf(data, TAG.StudyInstanceUID),
    seriesInstanceUid: textOf(data, TAG.SeriesInstanceUID),
    sopInstanceUid: textOf(data, TAG.SOPInstanceUID),
    sopClassUid: textOf(data, TAG.SOPClassUID),
    frameOfReferenceUid: textOf(data, TAG.FrameOfReferenceUID),
    concatenationUid: textOf(data, TAG.ConcatenationUID),
    modality: textOf(data, TAG.Modality),
    seriesNumber: looseIntegerOf(data, TAG.SeriesNumber),
    seriesDescription: textOf(data, TAG.SeriesDescription),
    patientPosition: textOf(data, TAG.PatientPosition),
  };
}

/** What tells images of one place apart: when and how each was acquired and reconstructed. */
export function acquisitionOf(data: DataSet) {
  const date = textOf(data, TAG.AcquisitionDate) ?? "";
  const time = textOf(data, TAG.AcquisitionTime);
  const text = (tag: number) => textOf(data, tag);
  const number = (tag: number) => looseDecimalOf(data, tag);
  const microAmpereSeconds = number(EXPOSURE_IN_UAS);
  return {
    imageType: textsOf(data, TAG.ImageType),
    acquisitionNumber: looseIntegerOf(data, TAG.AcquisitionNumber),
    instanceNumber: looseIntegerOf(data, TAG.InstanceNumber),
    temporalPosition: looseIntegerOf(data, TAG.TemporalPositionIdentifier),
    acquisitionTime: text(TAG.AcquisitionDateTime) ?? (time === undefined ? undefined : date + time),
    contentTime: text(TAG.ContentTime),
    triggerTimeMs: looseDecimalOf(data, TAG.TriggerTime),
    cardiacPhasePercent: looseDecimalOf(data, TAG.NominalPercentageOfCardiacPhase),
    kvp: looseDecimalOf(data, TAG.KVP),
    echoTimeMs: looseDecimalOf(data, TAG.EchoTime),
    diffusionBValue: looseDecimalOf(data, TAG.DiffusionBValue),
    manufacturer: text(MANUFACTURER),
    manufacturerModel: text(MANUFACTURER_MODEL_NAME),
    // What a multi-frame image has in the second place of each, in f64 (PS3.3 C.8.15.3.8).
    tubeCurrentMa: number(X_RAY_TUBE_CURRENT) ?? number(X_RAY_TUBE_CURRENT_IN_MA),
    exposureMas:
      microAmpereSeconds === undefined
        ? (number(EXPOSURE) ?? number(EXPOSURE_IN_MAS))
        : microAmpereSeconds / 1000,
    exposureTimeMs: number(EXPOSURE_TIME) ?? number(EXPOSURE_TIME_IN_MS),
    spiralPitch: number(SPIRAL_PITCH_FACTOR),
    convolutionKernel: textsOf(data, TAG.ConvolutionKernel).join("\\") || undefined,
  };
}

/**
 * The same of a frame, where it is written in other attributes than in a single-frame image
 * (PS3.3 C.7.6.16.2.2, C.8.15.3).
 */
export function frameAcquisitionOf(data: DataSet, otherDimensions: readonly number[]) {
  const frameType = textsOf(data, TAG.FrameType);
  const [acquisitionNumber] = unsignedShorts(data, TAG.FrameAcquisitionNumber);
  const [temporalPosition] = unsignedLongsOf(data, TAG.TemporalPositionIndex);
  const dimensions = unsignedLongsOf(data, TAG.DimensionIndexValues);
  const others = otherDimensions.map((i) => dimensions[i]).filter((index) => index !== undefined);
  return {
    ...(frameType.length > 0 && { imageType: frameType }),
    acquisitionNumber,
    temporalPosition,
    stackId: textOf(data, TAG.StackID),
    acquisitionTime: textOf(data, TAG.FrameAcquisitionDateTime),
    echoTimeMs: looseDecimalOf(data, TAG.EffectiveEchoTime),
    ...(others.length > 0 && { dimensionIndex: others.join("/") }),
  };
}

function unsignedShorts(data: DataSet, tag: number): number[] {
  const value = data.elements.get(tag)?.value;
  return value && value.length >= 2 ? [value[0] + value[1] * 256] : [];
}

export function geometryOf(data: DataSet) {
  const spacing = decimalsOf(data, TAG.PixelSpacing, 2);
  const position = decimalsOf(data, TAG.ImagePositionPatient, 3);
  return {
    pixelSpacing: spacing && ([spacing[0], spacing[1]] as const),
    imageOrientationPatient: decimalsOf(data, TAG.ImageOrientationPatient, 6),
    imagePositionPatient: position && ([position[0], position[1], position[2]] satisfies Vec3),
    sliceLocation: decimalOf(data, TAG.SliceLocation),
    sliceThickness: looseDecimalOf(data, TAG.SliceThickness),
    spacingBetweenSlices: looseDecimalOf(data, TAG.SpacingBetweenSlices),
    gantryDetectorTilt: looseDecimalOf(data, TAG.GantryDetectorTilt),
  };
}

/**
 * How stored values become output, and which of them are no measurement. A dose and a PET have attributes of
 * their own (PS3.3 C.8.8.3, C.8.9.1).
 */
export function valuesOf(data: DataSet, pixelRepresentation: 0 | 1) {
  const text = (tag: number) => textOf(data, tag);
  const dose = decimalOf(data, TAG.DoseGridScaling);
  return {
    rescaleSlope: decimalOf(data, TAG.RescaleSlope) ?? dose,
    rescaleIntercept: decimalOf(data, TAG.RescaleIntercept) ?? (dose === undefined ? undefined : 0),
    windows: windowsOf(data),
    rescaleType: text(TAG.RescaleType) ?? text(TAG.DoseUnits) ?? text(TAG.Units),
    modalityLut: modalityLutOf(data, pixelRepresentation),
    pixelPaddingValue: signedByOf(data, TAG.PixelPaddingValue, pixelRepresentation),
    pixelPaddingRangeLimit: signedByOf(data, TAG.PixelPaddingRangeLimit, pixelRepresentation),
  } satisfies Partial<SliceHeader>;
}
