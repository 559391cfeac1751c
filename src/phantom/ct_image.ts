import type { Grid } from "../core/grid.js";
import { positionMm } from "../core/grid.js";
import { uidFromName } from "../dicom/syntax/uid_from_name.js";
import type { DicomElement, Vr } from "../dicom/syntax/write_element.js";

/**
 * What distinguishes one CT image; the rest of its header is the phantom's. Each field follows the DICOM
 * attribute.
 */
export interface CtImageDescription {
  /**
   * UIDs of study, series and frame of reference are derived from it, the image's also from its instance
   * number.
   */
  readonly seed: number;
  readonly instanceNumber: number;
  readonly rows: number;
  readonly columns: number;
  readonly bitsStored: number;
  readonly pixelRepresentation: 0 | 1;
  readonly rescaleSlope: number;
  readonly rescaleIntercept: number;
  /** [between rows (y), between columns (x)]. */
  readonly pixelSpacingMm: readonly [number, number];
  readonly sliceThicknessMm: number;
  /** Center of the first voxel, LPS. */
  readonly imagePositionPatient: readonly number[];
  /** Direction cosines of a row, then of a column. */
  readonly imageOrientationPatient: readonly number[];
  readonly sliceLocation: number;
  /** [center, width] in HU. */
  readonly windowHu: readonly [number, number];
  readonly seriesDescription?: string;
}

/**
 * The description of slice `k` of an axial grid, stored unsigned in 12 bits from -1024 HU as CT scanners do.
 */
export function axialCtImage(
  grid: Grid,
  k: number,
  seed: number,
  instanceNumber: number,
): CtImageDescription {
  const d = grid.direction;
  const position = positionMm(grid, [0, 0, k]);
  return {
    seed,
    instanceNumber,
    rows: grid.size[1],
    columns: grid.size[0],
    bitsStored: 12,
    pixelRepresentation: 0,
    rescaleSlope: 1,
    rescaleIntercept: -1024,
    pixelSpacingMm: [grid.spacingMm[1], grid.spacingMm[0]],
    sliceThicknessMm: grid.spacingMm[2],
    imagePositionPatient: position,
    imageOrientationPatient: [d[0], d[3], d[6], d[1], d[4], d[7]],
    sliceLocation: position[2],
    windowHu: [-600, 1500],
  };
}

/** The data set of a CT image without its Pixel Data (modules of PS3.3 A.3). */
export function ctImageElements(image: CtImageDescription): DicomElement[] {
  return [...patientAndStudy(image), ...acquisition(image), ...plane(image), ...pixels(image)];
}

function element(tag: number, vr: Vr, value: DicomElement["value"]): DicomElement {
  return { tag, vr, value };
}

function patientAndStudy(image: CtImageDescription): DicomElement[] {
  const uid = (of: string) => uidFromName(`hounsfield phantom ${image.seed} ${of}`);
  return [
    element(0x00080005, "CS", "ISO_IR 192"),
    element(0x00080008, "CS", ["ORIGINAL", "PRIMARY", "AXIAL"]),
    element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
    element(0x00080018, "UI", uid(`image ${image.instanceNumber}`)),
    element(0x00080020, "DA", "20200101"),
    element(0x00080030, "TM", "120000"),
    element(0x00080050, "SH", ""),
    element(0x00080060, "CS", "CT"),
    element(0x00080070, "LO", "hounsfield phantom"),
    element(0x00080090, "PN", ""),
    element(0x00081030, "LO", "Analytic chest phantom"),
    element(0x0008103e, "LO", image.seriesDescription ?? "Chest phantom"),
    element(0x00100010, "PN", "Phantom^Chest"),
    element(0x00100020, "LO", `PHANTOM-${image.seed}`),
    element(0x00100030, "DA", ""),
    element(0x00100040, "CS", "O"),
    element(0x0020000d, "UI", uid("study")),
    element(0x0020000e, "UI", uid("series")),
    element(0x00200010, "SH", "1"),
    element(0x00200011, "IS", "1"),
    element(0x00200052, "UI", uid("frame of reference")),
  ];
}

function acquisition(image: CtImageDescription): DicomElement[] {
  return [
    element(0x00180015, "CS", "CHEST"),
    element(0x00180050, "DS", image.sliceThicknessMm),
    element(0x00180060, "DS", 120),
    element(0x00181210, "SH", "STANDARD"),
    element(0x00185100, "CS", "HFS"),
    element(0x00200012, "IS", "1"),
    element(0x00200013, "IS", String(image.instanceNumber)),
    element(0x00201040, "LO", ""),
  ];
}

function plane(image: CtImageDescription): DicomElement[] {
  return [
    element(0x00200032, "DS", [...image.imagePositionPatient]),
    element(0x00200037, "DS", [...image.imageOrientationPatient]),
    element(0x00201041, "DS", image.sliceLocation),
    element(0x00280030, "DS", [...image.pixelSpacingMm]),
  ];
}

function pixels(image: CtImageDescription): DicomElement[] {
  return [
    element(0x00280002, "US", 1),
    element(0x00280004, "CS", "MONOCHROME2"),
    element(0x00280010, "US", image.rows),
    element(0x00280011, "US", image.columns),
    element(0x00280100, "US", 16),
    element(0x00280101, "US", image.bitsStored),
    element(0x00280102, "US", image.bitsStored - 1),
    element(0x00280103, "US", image.pixelRepresentation),
    element(0x00281050, "DS", image.windowHu[0]),
    element(0x00281051, "DS", image.windowHu[1]),
    element(0x00281052, "DS", image.rescaleIntercept),
    element(0x00281053, "DS", image.rescaleSlope),
    element(0x00281054, "LO", "HU"),
  ];
}
