import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

/** One step of a schema, from its file. */
export interface Migration {
  /** Its number: 1 for the first, then without gaps. */
  readonly version: number;
  /** File name without `.sql`. */
  readonly name: string;
  readonly text: string;
  /** Digest of the file, in hex. */
  readonly sha256: string;
  /**
   * The last migration that a program must know to work on the database from this one on; any will do if
   * `null`. What takes something away says so in a line of its own: `-- Needs 0021: …`.
   */
  readonly needs: number | null;
}

const NEEDS = /^-- Needs (\d{4})\b/m;

const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Reads the migrations of a directory, in their order.
 * @throws Error if a file is not called `NNNN_name.sql`, or a number is missing or doubled
 */
export async function readMigrations(directory: URL): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).toSorted();
  return Promise.all(
    files.map(async (file, index) => {
      const version = Number(FILE.exec(file)?.[1] ?? Number.NaN);
      if (version !== index + 1)
        throw new Error(`migration ${index + 1} is missing: found ${file} in its place`);
      const text = await readFile(new URL(file, directory), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      const needs = NEEDS.exec(text)?.[1];
      return {
        version,
        name: file.slice(0, -".sql".length),
        text,
        sha256,
        needs: needs === undefined ? null : Number(needs),
      };
    }),
  );
}
