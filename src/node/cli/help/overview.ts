/** `hounsfield --help`: what there is; each command's own help says the rest. */
export const OVERVIEW = `hounsfield: CT volumes on WebGPU

Usage: hounsfield COMMAND ... [options]

  info STUDY                    what is there: series, geometry, oddities
  preprocess STUDY --out DIR    DICOM to arrays: HU, resampled, windowed, lungs
  convert STUDY OUT             one series as a file: .nii.gz, .nrrd, .mha
  render STUDY --out FILE.png   a picture: MIP, volume rendering, a cut
  decode FILES...               stored values of every frame, and their hashes
  cohort DATASET --out DIR      preprocess of every study of a data set
  merge DIR, verify DIR         what shards left as one; files as written?
  stats DATASET                 a data set in numbers: patients, dose, labels
  audit DATASET                 what in it identifies its patients
  deidentify STUDY --out DIR    its slices without that
  phantom --out DIR             a generated chest CT, to try all this on

  hounsfield COMMAND --help     all options of a command
  hounsfield --version

STUDY is a folder, a file, a DICOMDIR, a zip, a tar (.tar.gz too), or an
http(s) address of one of the last four. Files are DICOM, NIfTI, NRRD or
MetaImage.

Exit codes: 0 done, 1 input refused, 2 wrong usage, 3 no usable GPU.
Not a medical device: for research and development only.
`;
