import { STUDY_HELP } from "./study.js";

/** `hounsfield preprocess --help` */
export const preprocessHelp = `Usage: hounsfield preprocess STUDY --out DIR [options]

Compressed DICOM to arrays. Writes volume.npy (int16 HU, z y x) and
report.json, and as asked:

  --spacing MM          resampled.npy: int16 HU, linear, cubes of MM millimeters
  --exact               that in integers alone: the same bits on every device,
                        within 0.01 HU before rounding
  --window LOW:HIGH     windowed.npy: float32, HU from LOW to HIGH as 0..1
  --lungs               lungs.npy: uint8, 1 right lung, 2 left lung, 3 airways
  --lungs threshold     lungs.npy: uint8, 1 where there is lung, by the plain
                        recipe
  --mip                 mip-axial, mip-coronal, mip-sagittal .npy (int16 HU)
                        and .png

Values:
  --dtype float32       volumes and projections as the values themselves, in
                        their units; int16 by default, which "values" of
                        report.json scales: value = entry * slope + intercept
                        (HU itself for ordinary CT)
  --clip                values beyond int16 become its ends; without it the
                        record is scaled, and nothing is lost

Output:
  --format LIST         npy, the default; with their place in the patient
                        nifti (.nii.gz), nii, nrrd (lungs as .seg.nrrd) and mha;
                        png, one a slice, int16 as 16 bits with 32768 added;
                        seg, the lungs as a DICOM Segmentation; stl, ply, obj,
                        glb, their surfaces; several with commas
  --only                only what the options above ask for: no volume.npy, nor
                        resampled.npy where it is but a step
  --no-hashes           no SHA-256 of inputs and outputs in the report: a tenth
                        faster, and no proof of what was read
  --json                the report on stdout too, for machines

Input:
  --series UID|NUMBER   which series, where a folder holds several
  --allow FAULTS        what may be resampled onto a true grid, where slices are
                        on none: irregular, gaps, tilt; and what may be assumed
                        that no header says: joined, assumed-spacing,
                        assumed-orientation; several with commas. The report
                        says which slices are measured and what was assumed
  --skip-broken         go on without files that are damaged, or no DICOM though
                        they are called like slices, where a slice of the series
                        may be missing with them; each is a warning

Machine:
  --device auto|gpu|cpu auto takes the GPU where there is one that the series
                        fits, else the CPU engine, and says so
  --threads N           of the CPU engine; all cores by default
  --memory SIZE         the most that volumes and results may take, as 600MB or
                        2GB; what there is by default. Of a series that is
                        larger slices go by, decoded again for each array
  --software            a GPU played by the CPU (SwiftShader), for comparison:
                        slow

${STUDY_HELP}`;
