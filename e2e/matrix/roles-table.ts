import { readFile } from "node:fs/promises";

/** What each role permits, by its name. */
export type RolesTable = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What each role in the deployment permits, as docs/roles.md promises it; `*` for the one that
 * permits everything.
 */
export async function rolesTable(): Promise<RolesTable> {
  const page = await readFile(new URL("../../docs/roles.md", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const head = rows.find(([first]) => first === "permission") ?? [];
  const roles = head.slice(2);
  const table = new Map(roles.map((role) => [role, new Set<string>()]));
  for (const [permission = "", , ...cells] of rows) {
    const name = /^`([a-z_]+\.[a-z]+)`$/.exec(permission)?.[1];
    if (name !== undefined)
      for (const [column, cell] of cells.entries())
        if (cell === "yes") table.get(roles[column] ?? "")?.add(name);
  }
  if (!table.has("OWNER")) throw new Error("docs/roles.md has no table of permissions");
  return table;
}
