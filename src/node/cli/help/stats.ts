/** `hounsfield stats --help` */
export const STATS_HELP = `Usage: hounsfield stats DATASET [--labels DIR] [--out DIR] [options]

Counts a data set: patients by group and sex, age, tube current, kVp, exposure,
pitch; with COVID-CT-MD's labels infected slices, lobes and infection ratios.
Each table comes twice: of all slices of each patient, and as the data set's
authors published it, of one file a patient. Tube current is modulated along
the body, so that the second is too high. Nothing is printed of one patient.

  --labels DIR          where Index.csv and the arrays of labels are; DATASET
                        itself where it has them
  --out DIR             stats.json, patients.csv, labels.csv, and figures as SVG
  --json                the numbers on stdout, for machines

DATASET is a folder of folders, of archives, or a text file with a path on each
line. Groups are known by the names of folders: COVID-19, CAP, Normal.
Exit codes: 0 done, 4 some studies could not be counted, 1 nothing could be
done, 2 wrong usage.
`;
