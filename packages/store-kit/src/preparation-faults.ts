import { readdir } from "node:fs/promises";
import { isProblem } from "@leasehold/kernel";
import type { Postgres } from "./postgres.ts";
import { statement } from "./statement.ts";

/** A statement that the server refuses to prepare. */
export interface PreparationFault {
  readonly file: string;
  readonly fault: string;
}

/**
 * Lets the server prepare every `.sql` file of a directory, each of which holds one
 * statement, and tells those it refuses: misspelt columns, types that do not fit.
 * @param directory URL that ends with a slash
 */
export async function preparationFaults(
  postgres: Postgres,
  directory: URL,
): Promise<readonly PreparationFault[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".sql")).toSorted();
  return postgres.session(async (session) => {
    const faults: PreparationFault[] = [];
    for (const [index, file] of files.entries()) {
      const { text } = statement(new URL(file, directory));
      try {
        await session.command(`prepare statement_${index} as ${text}`);
        await session.command(`deallocate statement_${index}`);
      } catch (error) {
        if (isProblem(error)) throw error;
        faults.push({ file, fault: error instanceof Error ? error.message : String(error) });
      }
    }
    return faults;
  });
}
