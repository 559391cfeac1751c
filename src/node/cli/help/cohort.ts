/** `hounsfield cohort --help` */
export const COHORT_HELP = `Usage: hounsfield cohort DATASET --out DIR --recipe FILE.json [options]

Makes of every study of a data set what a recipe says: DIR/study-0001/ with its
arrays and report.json, and so on; studies.csv, studies.jsonl and slices.csv
list them. One study that is refused or crashes stops no other. Run again, it
does what is missing or has changed, and comes to the same bytes however often
it was interrupted. No report has a UID, a name, a date or a file name.

  --recipe FILE.json    what to make; or the name of one that comes along:
                        hu-1mm, window-1mm, lungs-1mm, lung-crop, authors,
                        hu-window, nnunet, monai (docs/cohorts.md)
  --workers N           processes, of one thread each; one a core by default
  --names folder        studies are called as their folders are, where these
                        are no people's names; "study-0001" by default
  --labels DIR          COVID-CT-MD: the radiologists' labels in slices.csv
  --labels-version original|updated-1
                        updated-1 by default
  --shard I/N           only the studies of this machine, the Ith of N; then
                        hounsfield merge DIR
  --json                counts on stdout, for machines

DATASET is a folder of folders, of archives, or a text file with a path on each
line.
Exit codes: 0 all done, 4 some studies refused, 5 some crashed (worth another
run), 1 nothing could be done, 2 wrong usage.
`;

/** `hounsfield merge --help` */
export const MERGE_HELP = `Usage: hounsfield merge DIR --recipe FILE.json

Lists what shards have left in DIR: studies.csv, studies.jsonl, slices.csv.

  --recipe FILE.json    the one they were made by

Exit codes as of hounsfield cohort.
`;

/** `hounsfield verify --help` */
export const VERIFY_HELP = `Usage: hounsfield verify DIR [--json]

Reads every file that the reports in DIR list, and says which is missing, has
another content than was written, or is in no report.

  --json                a JSON line on stdout

Exit codes: 0 all as written, 1 something is not, 2 wrong usage.
`;
