import { STUDY_HELP } from "./study.js";

/** `hounsfield convert --help` */
export const convertHelp = `Usage: hounsfield convert STUDY OUT [options]

One series as one file, of the format that the ending of OUT says: .nii.gz,
.nii, .nrrd, .mha, .npy.

  --series UID|NUMBER   which series, where a folder holds several
  --dtype float32       the values themselves; int16 by default
  --clip                values beyond int16 become its ends
  --allow FAULTS        as for preprocess
  --skip-broken         as for preprocess
  --threads N           all cores by default
  --json                a report on stdout, for machines

${STUDY_HELP}`;
