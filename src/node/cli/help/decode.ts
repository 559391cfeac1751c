/** `hounsfield decode --help` */
export const DECODE_HELP = `Usage: hounsfield decode FILES... [options]

Stored values of every frame, as the files hold them, before any rescale: size,
range, mean and SHA-256 of each file. Folders stand for all files in them.

  --out DIR             writes each as .npy
  --json                a JSON line for each file

Exit codes: 0 done, 1 input refused, 2 wrong usage.
`;
