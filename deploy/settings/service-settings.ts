import { ConfigFault, type ConfigSchema, loadConfig } from "@leasehold/service-kit";
import { configSchema as activation } from "../../services/activation/src/config.ts";
import { issuerConfig as issuer } from "../../services/issuer/src/config.ts";
import { configSchema as seatBroker } from "../../services/seat-broker/src/config.ts";

const SCHEMAS: Readonly<Record<string, ConfigSchema>> = {
  issuer,
  activation,
  "seat-broker": seatBroker,
};

/**
 * Settings of transport security, as every service has them. What a service does not declare itself is let pass.
 */
const OF_TRANSPORT = [
  "INTERNAL_LISTEN",
  "TLS_CERTIFICATE_FILE",
  "TLS_KEY_FILE",
  "SERVICE_CERTIFICATE_FILE",
  "SERVICE_KEY_FILE",
  "SERVICE_AUTHORITIES_FILE",
  "TRUST_DOMAIN",
  "TRUST_NAMESPACE",
];

/** 32 bytes, and any secret text. */
export const SOME_SECRET = "ab".repeat(32);

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
    loadConfig(schema, environment, readFile);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConfigFault)) throw thrown;
    const passes = OF_TRANSPORT.map((name) => `${schema.prefix}_${name} is not a setting`);
    return thrown.faults.filter((fault) => !passes.includes(fault));
  }
}
