/** The command line itself is wrong: shown with the usage, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `hounsfield: CT volumes on WebGPU

  hounsfield info STUDY... [--json] [options]
      What is there: series, geometry, order, transfer syntaxes, oddities, what was set aside and why.
      --series UID|NUMBER    only this one
      --allow FAULTS         same as for preprocess; shows the geometry after repair
      --labels DIR           COVID-CT-MD: a line a slice of the volume: location, infection, lobes, file; DIR has Index.csv
                             and the arrays; --labels-version original|updated-1, --patient ID where no folder tells it
      --identify             also the patient's name, ID and dates, which nothing else here shows

  hounsfield preprocess STUDY --out DIR [options]
      Compressed DICOM to arrays. Writes volume.npy (int16 HU, z y x) and report.json, and as asked:
      --spacing MM           resampled.npy: int16 HU, linear, cubes of MM millimeters
      --exact                that in integers alone: the same bits on every device, within 0.01 HU before rounding
      --window LOW:HIGH      windowed.npy: float32, HU from LOW to HIGH as 0..1
      --lungs                lungs.npy: uint8, 1 right lung, 2 left lung, 3 airways
      --lungs threshold      lungs.npy: uint8, 1 where there is lung, by the plain recipe
      --mip                  mip-axial, mip-coronal, mip-sagittal .npy (int16 HU) and .png
      --dtype float32        volumes and projections as the values themselves, in their units; int16 by default, which "values"
                             of report.json scales: value = entry * slope + intercept (HU itself for ordinary CT)
      --clip                 values beyond int16 become its ends; without it the record is scaled, and nothing is lost
      --only                 only what the options above ask for: no volume.npy, nor resampled.npy where it is but a step
      --no-hashes            no SHA-256 of inputs and outputs in the report: a tenth faster, and no proof of what was read
      --series UID|NUMBER    which series, where a folder holds several
      --allow FAULTS         what may be resampled onto a true grid, where slices are on none: irregular, gaps, tilt; and
                             what may be assumed that no header says: joined, assumed-spacing, assumed-orientation; or
                             several with commas; the report says which slices are measured and what was assumed
      --skip-broken          go on without files that are damaged, or no DICOM though they are called like slices, where a
                             slice of the series may be missing with them; each is a warning

  hounsfield render STUDY --out FILE.png [options]
      A picture of the volume, drawn by WebGPU: MIP, MinIP, average, volume rendering, or a cut; by options or a state file.
      --projection NAME      mip, minip, average, dvr; axial, coronal, sagittal, oblique
      --window NAME|LOW:HIGH  --wl CENTER,WIDTH  --preset NAME  --azimuth DEG
      --elevation DEG  --slab MM  --slice N  --lungs  --state FILE.json
                             these and more: hounsfield render --help

  hounsfield decode FILES... [--json] [--out DIR]
      Stored values of every frame, as the files hold them, before any rescale: size, range, mean and SHA-256 of each
      file, one JSON line a file with --json; --out writes each as .npy. Folders stand for all files in them.

  hounsfield phantom --out DIR [--size X,Y,Z]
      A generated chest CT as a DICOM series, to try all this on.

STUDY is a folder, a file, a DICOMDIR, a zip, a tar (.tar.gz too), or an http(s) address of one of the last four.

Common options:
      --device auto|gpu|cpu  auto takes the GPU where there is one, else the CPU engine, and says so
      --threads N            of the CPU engine; all cores by default
      --software             a GPU played by the CPU (SwiftShader), for comparison: slow
      --json                 one report on stdout, for machines
      --help, --version

Exit codes: 0 done, 1 input refused, 2 wrong usage, 3 no usable GPU.
Not a medical device: for research and development only.
`;
