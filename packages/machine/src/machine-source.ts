/** What became of reading a file. */
export type FileReading =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  /** It is there, and not for whoever runs this. */
  | { readonly kind: "denied" };

/** A machine, as far as one may look at it: nothing goes over a network, and nothing is changed. */
export interface MachineSource {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the machine calls itself. */
  readonly hostname: string;
  /** The addresses of its network interfaces, as the runtime lists them. */
  readonly addresses: readonly string[];
  /** A file, without white space around it; one that is longer than 64 KiB is cut off. */
  read(path: string): Promise<FileReading>;
  /** The names in a directory; none if it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** Where a symbolic link points, as it is written; `undefined` if there is none. */
  linkAt(path: string): Promise<string | undefined>;
  /**
   * What a program writes to standard output, whatever its exit code; `undefined` if it is not there,
   * or takes too long. The arguments go to it as they are: there is no shell.
   */
  run(program: string, args: readonly string[]): Promise<string | undefined>;
}

/** The text of a file; `undefined` if it cannot be read. */
export async function textOf(source: MachineSource, path: string): Promise<string | undefined> {
  const reading = await source.read(path);
  return reading.kind === "text" && reading.text !== "" ? reading.text : undefined;
}

/** The first text that there is. */
export async function firstTextOf(
  source: MachineSource,
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) {
    const text = await textOf(source, path);
    if (text !== undefined) return text;
  }
  return undefined;
}
