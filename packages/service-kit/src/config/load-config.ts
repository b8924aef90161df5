import { isAbsolute } from "node:path";
import { readSettingFile, WritableByAnybody } from "./read-setting-file.ts";
import { type Config, type ConfigSchema, type Fields, variableName } from "./config.ts";
import type { Field, Read } from "./field.ts";

/** Everything that is wrong with the settings, a line each. */
export class ConfigFault extends Error {
  override readonly name = "ConfigFault";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** Begins the names that belong to no one service; none is known. */
const SHARED_PREFIX = "LEASEHOLD_";

/** What Kubernetes puts into the environment of every pod for a service with the same name. */
const SERVICE_LINK =
  /_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$/;

/** Settings as far as they can be read, and what is wrong with the others, a line each. */
export interface ReadSettings<Declared extends Fields> {
  readonly config: Partial<Config<Declared>>;
  readonly faults: readonly string[];
}

/**
 * Reads the settings of a service from the environment and from the files it names.
 * @throws ConfigFault that lists every setting which is missing, wrong or unknown
 */
export function loadConfig<Declared extends Fields>(
  schema: ConfigSchema<Declared>,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = readSettingFile,
): Config<Declared> {
  const { config, faults } = readSettings(schema, env, readFile);
  if (faults.length > 0) throw new ConfigFault(faults);
  return config as Config<Declared>;
}

/** Reads them, whatever is wrong with some. */
export function readSettings<Declared extends Fields>(
  { prefix, fields }: ConfigSchema<Declared>,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = readSettingFile,
): ReadSettings<Declared> {
  const faults: string[] = [];
  const known = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const variable = variableName(prefix, name, field);
    known.add(variable);
    const read = readField(field, env[variable], readFile);
    if ("fault" in read) faults.push(`${variable} ${read.fault}`);
    else values[name] = read.value;
  }
  for (const variable of Object.keys(env).toSorted())
    if (isOurs(variable, prefix) && !known.has(variable))
      faults.push(`${variable} is not a setting`);
  return { config: Object.freeze(values) as Partial<Config<Declared>>, faults };
}

function isOurs(variable: string, prefix: string): boolean {
  if (variable.startsWith(SHARED_PREFIX)) return true;
  return variable.startsWith(`${prefix}_`) && !SERVICE_LINK.test(variable);
}

/** An empty variable is one that is not given: many tools cannot unset one. */
function readField(
  field: Field<unknown>,
  given: string | undefined,
  readFile: (path: string) => string,
): Read<unknown> {
  const text = given || field.default;
  if (text === undefined)
    return field.optional ? { value: undefined } : { fault: `is missing: ${field.doc}` };
  if (!field.file) return field.read(text);
  try {
    return field.read(readFile(text).trim());
  } catch (thrown) {
    if (thrown instanceof WritableByAnybody)
      return { fault: `names a file that anybody may write${told(text)}` };
    const { code = "unknown" } = thrown as { readonly code?: string };
    return { fault: `names a file that cannot be read (${code})${told(text)}` };
  }
}

/** A path, unless it may be the secret itself, given where the name of its file should be. */
function told(path: string): string {
  return isAbsolute(path) || /^\.\.?[/\\]/.test(path) ? `: ${path}` : "";
}
