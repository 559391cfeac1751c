/** `hounsfield audit --help` */
export const AUDIT_HELP = `Usage: hounsfield audit DATASET [--json]

Looks for what identifies patients in every DICOM file of a study or a data set:
attribute by attribute of DICOM's confidentiality profiles (PS3.15 table E.1-1),
nested ones too, and beyond them: dates and serial numbers inside UIDs, IDs in
file names, private elements, text burned into pixels. Values are shown by their
shape alone ("99A99999-AAAA"), studies by number.

  --json                the findings on stdout, for machines

Exit codes: 0 nothing found, 1 something was, 2 wrong usage.
`;

/** `hounsfield deidentify --help` */
export const DEIDENTIFY_HELP = `Usage: hounsfield deidentify STUDY --out DIR [options]

Writes the slices of a study without what identifies its patient, by DICOM's
Basic Profile (PS3.15 table E.1-1): names, IDs, dates, institutions, devices,
descriptions and private elements go, UIDs are replaced consistently, pixel data
stay byte for byte. Localizers, dose pages, captures and files that say that
text is burned into them are left out. What was written is read and audited
before it gets its name.

  --dates remove|shift|keep
                        remove by default; shift moves all dates of a patient
                        by the same random days
  --retain LIST         what may stay, of patient (age, sex, size, weight),
                        device, institution, descriptions
  --key-file FILE       a secret: the same one gives the same pseudonyms in
                        another run; by default a new one, which is not kept
  --json                counts on stdout, for machines

DIR/PATIENT/series-1/0001.dcm ... follow the slices' positions.
Exit codes: 0 done, 1 input refused, 2 wrong usage.
`;
