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

/**
 * What a header says of an image beside its pixels: which study and series it is of; what tells images of one
 * place apart; where it lies; how stored values become output, and which of them are no measurement. A dose
 * and a PET have attributes of their own (PS3.3 C.8.8.3, C.8.9.1). No patient's name or identity is read. One
 * literal behind one spread, for a folder has ten thousand of them, and an object that is put together of
 * several is no fast one.
 * @param image what is known of it already
 */
export function withSliceFields<Image extends object>(
  image: Image,
  data: DataSet,
  pixelRepresentation: 0 | 1,
) {
  const text = (tag: number) => textOf(data, tag);
  const number = (tag: number) => looseDecimalOf(data, tag);
  const integer = (tag: number) => looseIntegerOf(data, tag);
  const time = text(TAG.AcquisitionTime);
  const microAmpereSeconds = number(EXPOSURE_IN_UAS);
  const spacing = decimalsOf(data, TAG.PixelSpacing, 2);
  const position = decimalsOf(data, TAG.ImagePositionPatient, 3);
  const dose = decimalOf(data, TAG.DoseGridScaling);
  return {
    ...image,
    studyInstanceUid: text(TAG.StudyInstanceUID),
    seriesInstanceUid: text(TAG.SeriesInstanceUID),
    sopInstanceUid: text(TAG.SOPInstanceUID),
    sopClassUid: text(TAG.SOPClassUID),
    frameOfReferenceUid: text(TAG.FrameOfReferenceUID),
    concatenationUid: text(TAG.ConcatenationUID),
    modality: text(TAG.Modality),
    seriesNumber: integer(TAG.SeriesNumber),
    seriesDescription: text(TAG.SeriesDescription),
    patientPosition: text(TAG.PatientPosition),
    imageType: textsOf(data, TAG.ImageType),
    acquisitionNumber: integer(TAG.AcquisitionNumber),
    instanceNumber: integer(TAG.InstanceNumber),
    temporalPosition: integer(TAG.TemporalPositionIdentifier),
    acquisitionTime:
      text(TAG.AcquisitionDateTime) ??
      (time === undefined ? undefined : (text(TAG.AcquisitionDate) ?? "") + time),
    contentTime: text(TAG.ContentTime),
    triggerTimeMs: number(TAG.TriggerTime),
    cardiacPhasePercent: number(TAG.NominalPercentageOfCardiacPhase),
    kvp: number(TAG.KVP),
    echoTimeMs: number(TAG.EchoTime),
    diffusionBValue: number(TAG.DiffusionBValue),
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
    pixelSpacing: spacing && ([spacing[0], spacing[1]] as const),
    imageOrientationPatient: decimalsOf(data, TAG.ImageOrientationPatient, 6),
    imagePositionPatient: position && ([position[0], position[1], position[2]] satisfies Vec3),
    sliceLocation: decimalOf(data, TAG.SliceLocation),
    sliceThickness: number(TAG.SliceThickness),
    spacingBetweenSlices: number(TAG.SpacingBetweenSlices),
    gantryDetectorTilt: number(TAG.GantryDetectorTilt),
    rescaleSlope: decimalOf(data, TAG.RescaleSlope) ?? dose,
    rescaleIntercept: decimalOf(data, TAG.RescaleIntercept) ?? (dose === undefined ? undefined : 0),
    windows: windowsOf(data),
    rescaleType: text(TAG.RescaleType) ?? text(TAG.DoseUnits) ?? text(TAG.Units),
    modalityLut: modalityLutOf(data, pixelRepresentation),
    pixelPaddingValue: signedByOf(data, TAG.PixelPaddingValue, pixelRepresentation),
    pixelPaddingRangeLimit: signedByOf(data, TAG.PixelPaddingRangeLimit, pixelRepresentation),
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
