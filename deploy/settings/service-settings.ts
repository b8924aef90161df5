import {
  ConfigFault,
  type ConfigSchema,
  loadConfig,
  type TransportConfig,
  transportGaps,
  variableName,
} from "@leasehold/service-kit";
import { systemRandom } from "../../packages/kernel/src/index.ts";
import { newBootstrapToken } from "../../packages/license-format/src/index.ts";
import { configSchema as activation } from "../../services/activation/src/config.ts";
import { issuerConfig as issuer } from "../../services/issuer/src/config.ts";
import { configSchema as seatBroker } from "../../services/seat-broker/src/config.ts";

const SCHEMAS: Readonly<Record<string, ConfigSchema>> = {
  issuer,
  activation,
  "seat-broker": seatBroker,
};

/** Something that can be read as the secret of this name: 32 bytes and any text, unless it has a form of its own. */
export function someSecret(name: string): string {
  if (name === "bearer-tokens.json") return "[]";
  if (name === "bootstrap-token") return newBootstrapToken(systemRandom);
  return "ab".repeat(32);
}

/** Whether a container of this name is one of the services. */
export function isService(name: string): boolean {
  return Object.hasOwn(SCHEMAS, name);
}

/**
 * What a service would say of these settings when it starts.
 * @param readFile the content of a file; throws if there is none
 */
export function settingFaults(
  service: string,
  environment: Readonly<Record<string, string>>,
  readFile: (path: string) => string,
): readonly string[] {
  const schema = SCHEMAS[service];
  if (!schema) return [`${service} is no service`];
  try {
    const config = loadConfig(schema, environment, readFile) as unknown as TransportConfig;
    return transportGaps(config).map((name) => {
      const variable = variableName(schema.prefix, name, schema.fields[name] ?? { file: false });
      return `${variable} is missing`;
    });
  } catch (thrown) {
    if (!(thrown instanceof ConfigFault)) throw thrown;
    return thrown.faults;
  }
}
