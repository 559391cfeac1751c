/** `hounsfield phantom --help` */
export const PHANTOM_HELP = `Usage: hounsfield phantom --out DIR [options]

A generated chest CT as a DICOM series, to try everything on.

  --size X,Y,Z          voxels

Exit codes: 0 done, 1 input refused, 2 wrong usage.
`;
