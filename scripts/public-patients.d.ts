export const publicPatients: readonly {
  readonly name: string;
  readonly path: string;
  readonly files: number;
  readonly filesSha256: string;
  readonly huSha256: string;
}[];
export const labelFiles: Readonly<Record<string, string>>;
