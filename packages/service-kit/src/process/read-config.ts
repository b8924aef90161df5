import { systemClock } from "@leasehold/kernel";
import { type Config, type ConfigSchema, type Fields, variableName } from "../config/config.ts";
import { ConfigFault, readSettings } from "../config/load-config.ts";
import { certificateFaults, type SettingFault, transportFaults } from "../tls/transport-faults.ts";

/** What else of a configuration can be seen to be wrong before anything is opened. */
export type CheckConfig<Declared extends Fields> = (
  config: Config<Declared>,
) => Promise<readonly SettingFault[]>;

/**
 * Reads the settings.
 * @throws ConfigFault that lists everything that is wrong with them
 */
export function readConfig<Declared extends Fields>(
  schema: ConfigSchema<Declared>,
  env: Readonly<Record<string, string | undefined>>,
): Config<Declared> {
  const { config, faults } = readSettings(schema, env);
  const docOf = (setting: string): string => schema.fields[setting]?.doc ?? "";
  const all = [...faults, ...unlessTold(schema, transportFaults(config, docOf), faults)];
  if (all.length > 0) throw new ConfigFault(all);
  return config as Config<Declared>;
}

/**
 * Everything that is wrong with the settings, a line each, certificates and what only the service knows of them
 * included. Opens nothing but the files that they name.
 */
export async function configFaults<Declared extends Fields>(
  schema: ConfigSchema<Declared>,
  env: Readonly<Record<string, string | undefined>>,
  check?: CheckConfig<Declared>,
): Promise<readonly string[]> {
  const { config, faults } = readSettings(schema, env);
  const docOf = (setting: string): string => schema.fields[setting]?.doc ?? "";
  const further = [
    ...transportFaults(config, docOf),
    ...(await certificateFaults(config, systemClock.now())),
    ...(faults.length === 0 && check ? await check(config as Config<Declared>) : []),
  ];
  return [...faults, ...unlessTold(schema, further, faults)];
}

/** As lines; without settings of which something was told before. */
function unlessTold(
  { prefix, fields }: ConfigSchema,
  faults: readonly SettingFault[],
  told: readonly string[],
): readonly string[] {
  return faults.flatMap(({ setting, fault }) => {
    const variable = variableName(prefix, setting, fields[setting] ?? { file: false });
    return told.some((line) => line.startsWith(`${variable} `)) ? [] : [`${variable} ${fault}`];
  });
}
