/** A rule of the protocol left out: an edit of one source file, and the test that must fail by it. */
export interface Mutant {
  /** What is not done any more. */
  readonly rule: string;
  /** Below the top of the repository. */
  readonly file: string;
  /** Stands there once. */
  readonly text: string;
  readonly instead: string;
  readonly caughtBy: NamedTest;
}

/** A test by its title as it stands in its file; of one that runs for several values, any of them. */
export interface NamedTest {
  readonly file: string;
  readonly test: string;
}

/** The source with the rule left out. @throws if the text does not stand there once */
export function mutated(
  { file, text, instead }: Pick<Mutant, "file" | "text" | "instead">,
  source: string,
): string {
  const parts = source.split(text);
  if (parts.length !== 2)
    throw new Error(`${file}: ${JSON.stringify(text)} stands there ${parts.length - 1} times`);
  return parts.join(instead);
}

/** A table of mutants of one source file each, told by what is left out. */
export type MutantTable = Readonly<Record<string, Mutant>>;
