import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { HounsfieldError } from "../../core/errors.js";
import type { Pseudonyms } from "../../dicom/identity/deidentify_file.js";
import { elementText, type WholeHeader } from "../../dicom/identity/whole_header.js";
import { UsageError } from "./usage_error.js";

/** Less could be guessed. */
const LEAST_KEY_BYTES = 16;

/**
 * The secret of --key-file.
 * @throws HounsfieldError `io`; UsageError for one that is too short
 */
export function readKey(file: string): Buffer {
  let key: Buffer;
  try {
    key = readFileSync(file);
  } catch (cause) {
    throw new HounsfieldError("io", `cannot read ${file}`, { file }, cause);
  }
  if (key.length < LEAST_KEY_BYTES)
    throw new UsageError(`--key-file has ${key.length} bytes; a secret has at least ${LEAST_KEY_BYTES}`);
  return key;
}

const [PATIENT_ID, PATIENT_NAME, STUDY_INSTANCE_UID] = [0x00100020, 0x00100010, 0x0020000d];
/** Ten years; by day, so that seasons move too. */
const MOST_SHIFT_DAYS = 3650;

/** By HMAC-SHA-256 of the key: nobody without it can tell whether a pseudonym is of somebody known. */
export function pseudonymsOf(header: WholeHeader, key: Buffer): Pseudonyms {
  const hash = (text: string) => createHmac("sha256", key).update(text).digest();
  const names = [PATIENT_ID, PATIENT_NAME, STUDY_INSTANCE_UID].map((tag) => headerText(header, tag));
  const ofPatient = hash(`patient ${names.find((name) => name !== "") ?? ""}`);
  return {
    patientId: `ANON-${ofPatient.toString("hex", 0, 6)}`,
    shiftDays: -1 - (ofPatient.readUInt32BE(8) % MOST_SHIFT_DAYS),
    // 128 bits as a decimal number under 2.25 (PS3.5 B.2).
    uid: (old) => `2.25.${BigInt(`0x${hash(`uid ${old}`).toString("hex", 0, 16)}`)}`,
  };
}

/** Text of an element outside of sequences; empty where there is none. */
export function headerText({ elements }: WholeHeader, tag: number): string {
  const element = elements.find((one) => one.tag === tag);
  return (element && elementText(element)) ?? "";
}
