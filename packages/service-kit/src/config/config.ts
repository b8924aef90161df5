import type { Field } from "./field.ts";

/** Settings by their name in code. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The settings of a service. */
export interface ConfigSchema<Declared extends Fields = Fields> {
  /** Begins the name of every setting in the environment, for example `ISSUER`. */
  readonly prefix: string;
  readonly fields: Declared;
}

/** What the settings are, frozen. */
export type Config<Declared extends Fields> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Field<infer Value> ? Value : never;
};

/** Declares the settings of a service. */
export function defineConfig<const Declared extends Fields>(
  prefix: string,
  fields: Declared,
): ConfigSchema<Declared> {
  return { prefix, fields };
}

/** The name of a setting in the environment: `databaseUrl` of `ISSUER` is `ISSUER_DATABASE_URL`. */
export function variableName(
  prefix: string,
  name: string,
  { file }: Pick<Field<unknown>, "file">,
): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return `${prefix}_${words}${file ? "_FILE" : ""}`;
}
