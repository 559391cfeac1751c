/**
 * The patients of COVID-CT-MD that tests read: how many files, the SHA-256 of their files' sorted SHA-256s, a
 * line each, and that of the volume in HU (int16, little-endian, z ascending by Slice Location, then y, x) as
 * pydicom with GDCM reads it.
 */
export const publicPatients = [
  {
    name: "P001",
    path: "COVID-19 subjects/P001",
    files: 148,
    filesSha256: "540fbb8404f739389f5b9cb0cb7b987d986b049ff61498776cd70a8ce1b2d284",
    huSha256: "f09ea279ac652c6733fde7245dc16519ca60def8811b40435d032e3ad81887ec",
  },
  {
    name: "cap001",
    path: "Cap subjects/cap001",
    files: 168,
    filesSha256: "b23ca079e257f900e78c68d64d5a45712d9e35b38e685ddbeb742924c9eb2a61",
    huSha256: "005da3a565d00f0aeecc8fee57506414f22842fc8965fb449306d27c2b7250db",
  },
];

/** Labels of all labeled patients, by their names in the deposit. */
export const labelFiles = {
  "Index.csv": "c08b69dbd2b50d542b735dae686394b56dc86516d681883710d860fc8f7f79ff",
  "Lobe-level-labels-updated-1.npy": "2384f737b573fa0136bb8fcfddf015146acff5df0872e64367dbd7681b8e2a06",
  "Lobe-level-labels.npy": "78a5949dfd970854a6b9f911a325eb22919b8ec4d80634fd0124fc14a02c4caa",
  "Slice-level-labels-updated-1.npy": "9a17b305fd09234817148ace456ce84c44db203b10c0d14fd93dd8d9fc566996",
  "Slice-level-labels.npy": "75c681211203b1cb9616f5cdc4177d2ba40aa45ba911cadfd5226b4c461626fb",
};
