import { type FileHandle, open } from "node:fs/promises";
import { at, type Json, textOf } from "./json.ts";
import { UsageError } from "./usage-error.ts";

const COLUMNS = [
  ["product_key", "secret"],
  ["name", "productKey.name"],
  ["hint", "productKey.hint"],
  ["create_time", "productKey.createTime"],
] as const;

/** A CSV file (RFC 4180) of product keys, that its owner alone may read. */
export interface ProductKeysFile extends AsyncDisposable {
  write(keys: readonly Json[]): Promise<void>;
  /** Resolves when all of it is on the disk. */
  finish(): Promise<void>;
}

/**
 * Makes the file; one that is there is not written over.
 * @throws UsageError if it cannot be made.
 */
export async function createProductKeysFile(path: string): Promise<ProductKeysFile> {
  const file = await create(path);
  await file.writeFile(record(COLUMNS.map(([heading]) => heading)));
  return {
    write: async (keys) => {
      const rows = keys.map((key) => record(COLUMNS.map(([, path]) => textOf(at(key, path)))));
      await file.writeFile(rows.join(""));
    },
    finish: () => file.sync(),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (thrown) {
    throw new UsageError(`cannot make the file: ${thrown instanceof Error ? thrown.message : "?"}`);
  }
}

/** A line of a CSV file. What a spreadsheet would calculate has a `'` in front. */
function record(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${quoted.join(",")}\r\n`;
}
