/** The command line itself is wrong: said in one line with the help that lists what is right, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
