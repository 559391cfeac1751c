import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { UsageError } from "./usage_error.js";

/** A file to be written, by its folder, which is made where it is missing. */
export interface OutputFile {
  readonly folder: string;
  readonly name: string;
}

/** @throws a usage error for the name of a folder */
export function outputFile(path: string, option: string): OutputFile {
  const isFolder = /[/\\]$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder) throw new UsageError(`${option} takes a file's name, and ${path} is a folder`);
  return { folder: dirname(path), name: basename(path) };
}

export function pngFile(path: string, option: string): OutputFile {
  const file = outputFile(path, option);
  if (/.\.png$/i.test(file.name)) return file;
  throw new UsageError(`${option} takes a name that ends in .png, got "${path}"`);
}
