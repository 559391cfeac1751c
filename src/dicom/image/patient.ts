import type { ByteSource } from "../../core/byte_source.js";
import { sourceRule } from "../../core/byte_source.js";
import { checkArgument } from "../../core/options.js";
import { readUntilPixelData } from "../syntax/read_data_set.js";
import { dataSetOf, textOf } from "../syntax/values.js";

/**
 * Whose images these are. Nothing else in this library reads these attributes, so that no message, log or
 * report of it can name a patient.
 */
export interface PatientIdentity {
  /**
   * Patient's Name (0010,0010) as the file has it: "Family^Given", groups of other scripts behind "="
   * (PS3.5 6.2.1.2).
   */
  readonly patientName?: string;
  readonly patientId?: string;
  /** YYYYMMDD, as the dates below. */
  readonly patientBirthDate?: string;
  readonly patientSex?: string;
  /** As the file has it (PS3.5 6.2, AS): "045Y", "003M". */
  readonly patientAge?: string;
  readonly studyDate?: string;
  readonly accessionNumber?: string;
  readonly institutionName?: string;
}

/**
 * Reads the attributes that identify a patient from one file, of which only the head is read.
 * @throws HounsfieldError as readHead
 */
export async function readPatient(source: ByteSource): Promise<PatientIdentity> {
  checkArgument("readPatient", "source", source, sourceRule);
  const { elements } = await readUntilPixelData(source);
  const data = await dataSetOf(source.name, elements);
  return {
    patientName: textOf(data, 0x00100010),
    patientId: textOf(data, 0x00100020),
    patientBirthDate: textOf(data, 0x00100030),
    patientSex: textOf(data, 0x00100040),
    patientAge: textOf(data, 0x00101010),
    studyDate: textOf(data, 0x00080020),
    accessionNumber: textOf(data, 0x00080050),
    institutionName: textOf(data, 0x00080080),
  };
}
