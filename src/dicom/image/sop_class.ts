/**
 * What objects are that hold no grayscale image of the patient, by SOP Class or a beginning of it
 * (PS3.4 B.5).
 */
const OBJECTS: readonly (readonly [uid: string, name: string])[] = [
  ["1.2.840.10008.1.3.10", "directory of a medium (DICOMDIR)"],
  ["1.2.840.10008.5.1.4.1.1.88.67", "radiation dose report"],
  ["1.2.840.10008.5.1.4.1.1.88.59", "key object selection"],
  ["1.2.840.10008.5.1.4.1.1.88.", "structured report"],
  ["1.2.840.10008.5.1.4.1.1.11.", "presentation state"],
  ["1.2.840.10008.5.1.4.1.1.104.", "document (encapsulated)"],
  ["1.2.840.10008.5.1.4.1.1.481.2", "RT dose grid"],
  ["1.2.840.10008.5.1.4.1.1.481.3", "RT structure set"],
  ["1.2.840.10008.5.1.4.1.1.481.", "RT plan or record"],
  ["1.2.840.10008.5.1.4.1.1.66.4", "segmentation"],
  ["1.2.840.10008.5.1.4.1.1.66.7", "segmentation"],
  ["1.2.840.10008.5.1.4.1.1.66.", "registration or raw data"],
  ["1.2.840.10008.5.1.4.1.1.30", "parametric map"],
  ["1.2.840.10008.5.1.4.1.1.9.", "waveform"],
  ["1.2.840.10008.5.1.4.1.1.4.2", "MR spectroscopy"],
];

/**
 * The name of an object that is no image of the patient, such as "structured report"; undefined for all
 * others.
 */
export function objectName(sopClassUid: string | undefined): string | undefined {
  return OBJECTS.find(([uid]) =>
    uid.endsWith(".") ? sopClassUid?.startsWith(uid) : sopClassUid === uid,
  )?.[1];
}

/** Spectroscopy has Rows, and its data elsewhere than in pixel data (PS3.3 C.8.14.4). */
export function hasRowsWithoutPixels(sopClassUid: string | undefined): boolean {
  return sopClassUid === "1.2.840.10008.5.1.4.1.1.4.2";
}
