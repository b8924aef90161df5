/** Which settings decide about what failed, by their names in code. An error is its cause's, too. */
const blamed = new WeakMap<Error, readonly string[]>();

/**
 * Does a part of a start. What fails in it is told together with the settings that whoever starts the service
 * should look at; the error itself stays what it is.
 * @param settings by their names in code, for example `databaseUrl`
 */
export async function blaming<Result>(
  settings: readonly string[],
  work: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error) blamed.set(thrown, settingsToBlame(thrown) ?? settings);
    throw thrown;
  }
}

/** The settings that an error, or a cause of it, was blamed on: where it was known best. */
export function settingsToBlame(thrown: unknown): readonly string[] | undefined {
  const met = new Set<Error>();
  for (let error = thrown; error instanceof Error && !met.has(error); error = error.cause) {
    met.add(error);
    const settings = blamed.get(error);
    if (settings) return settings;
  }
  return undefined;
}

/** The settings that hold an address which cannot be listened on. */
export function settingsOfAddress(
  thrown: unknown,
  config: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  const { syscall, port } = thrown as NodeJS.ErrnoException & { readonly port?: number };
  if (syscall !== "listen" || port === undefined) return undefined;
  const found = Object.entries(config).filter(
    ([name, value]) =>
      /listen$/i.test(name) && typeof value === "string" && value.endsWith(`:${port}`),
  );
  return found.map(([name]) => name);
}
