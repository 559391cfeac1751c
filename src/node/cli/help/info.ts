import { STUDY_HELP } from "./study.js";

/** `hounsfield info --help` */
export const infoHelp = `Usage: hounsfield info STUDY... [options]

What is there: series, geometry, order, transfer syntaxes, oddities, what was
set aside and why.

  --series UID|NUMBER   only this one
  --allow FAULTS        as for preprocess; shows the geometry after repair
  --labels DIR          COVID-CT-MD: a line for each slice of the volume: its
                        location, infection, lobes and file; DIR has Index.csv
                        and the arrays
  --labels-version original|updated-1
  --patient ID          where no folder's name tells it
  --identify            also the patient's name, ID and dates, which nothing
                        else here shows
  --json                one report on stdout, for machines

${STUDY_HELP}`;
