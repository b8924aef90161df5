import { readdir, readFile } from "node:fs/promises";

/** A handler got as far as the first thing that it needs from outside: the request was taken. */
export class Taken extends Error {
  override readonly name = "Taken";
}

/**
 * Everything that a service may need, and none of it does anything: whatever is called throws
 * `Taken`. What a handler works out before that, by itself, is real.
 * @param names of what there may be, at any depth
 * @param real what is there after all, by name
 */
export function deadEnds(
  names: readonly string[],
  real: Readonly<Record<string, unknown>>,
): unknown {
  const deadEnd = (): unknown => new Proxy(taken, traps);
  const traps: ProxyHandler<typeof taken> = {
    get: (_, name) => {
      if (name === "then" || name === "toJSON") return undefined;
      if (typeof name === "symbol") return taken;
      return name in real ? real[name] : deadEnd();
    },
    // Handlers hand on `{ ...ports }`.
    ownKeys: () => [...names],
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, writable: true }),
  };
  return deadEnd();
}

const taken = (): never => {
  throw new Taken();
};

/** The names of all ports of a service, from the folders where they are declared. */
export async function portNames(...folders: readonly URL[]): Promise<readonly string[]> {
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((file) => new URL(file, folder))),
  );
  const sources = await Promise.all(
    files
      .flat()
      .filter(({ href }) => href.endsWith(".ts") && !href.endsWith(".test.ts"))
      .map((file) => readFile(file, "utf8")),
  );
  const names = sources.flatMap((source) =>
    [...source.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, name]) => name ?? ""),
  );
  return [...new Set(names)];
}
