/** The end of each command's help. */
export const STUDY_HELP = `STUDY is a folder, a file, a DICOMDIR, a zip, a tar (.tar.gz too), or an
http(s) address of one of the last four.
Exit codes: 0 done, 1 input refused, 2 wrong usage, 3 no usable GPU.
`;
