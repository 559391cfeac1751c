// The main job on a built-in sample: a generated chest, written as a JPEG Lossless DICOM series in shuffled
// order, then all of `preprocess`.
import { run } from "#dist/node/cli.js";

const jobs = [
  "phantom --out out/sample/dicom",
  "preprocess out/sample/dicom --out out/sample/results --spacing 2 --window -1000:400 --lungs threshold --mip",
];

for (const job of jobs) {
  console.error(`\n> hounsfield ${job}`);
  const code = await run(job.split(" "));
  if (code !== 0) process.exit(code);
}
process.exit(0);
