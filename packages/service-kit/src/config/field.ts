/** What a text was read as, or what is wrong with it; a fault never quotes a secret. */
export type Read<Value> = { readonly value: Value } | { readonly fault: string };

/** One setting: how its text is read, what it means, what it is if it is not given. */
export interface Field<Value> {
  /** What it sets, with its unit; for operators. */
  readonly doc: string;
  /** What a value looks like, for example `30s`. */
  readonly form: string;
  /** As it would be given. Without it and not `optional`, the setting must be given. */
  readonly default: string | undefined;
  /** `undefined` if it is not given. */
  readonly optional: boolean;
  /** The setting names a file, whose content is read. Its name ends in `_FILE`. */
  readonly file: boolean;
  readonly read: (text: string) => Read<Value>;
}

/** What every kind of field is declared with. */
export interface FieldOptions {
  readonly doc: string;
  /** As it would be given in the environment. */
  readonly default?: string;
}

/** A field of a kind of its own. */
export function field<Value>(
  form: string,
  options: FieldOptions,
  read: Field<Value>["read"],
): Field<Value> {
  return { doc: options.doc, form, default: options.default, optional: false, file: false, read };
}

/** The same field, which need not be given. */
export function optional<Value>(given: Field<Value>): Field<Value | undefined> {
  return { ...given, optional: true };
}
