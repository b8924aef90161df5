import { hostOf, isLoopback } from "@leasehold/rpc-client";
import type { Config, Fields } from "../config/config.ts";
import { certificateOf, readFiles } from "./certificate-files.ts";
import { type TransportConfig, transportGaps } from "./transport-fields.ts";

/** What is wrong with a setting, by its name in code; the fault goes on from the name. */
export interface SettingFault {
  readonly setting: string;
  readonly fault: string;
}

/** Settings of transport security that could be read; others are absent. */
type Settings = Partial<Config<Fields>>;

/** The settings that tell where another service is. */
const TARGETS = ["issuerAddress", "activationAddress"] as const;

/**
 * What settings of transport security are missing, and which addresses would be served, or called, in plaintext
 * beyond this machine.
 * @param docOf what a setting means
 */
export function transportFaults(
  settings: Settings,
  docOf: (setting: string) => string,
): readonly SettingFault[] {
  const config = settings as unknown as TransportConfig & Readonly<Record<string, unknown>>;
  const gaps = transportGaps(config).map((setting) => ({
    setting,
    fault: `is missing: ${docOf(setting)}`,
  }));
  if (config.plaintext) return gaps;
  const isBeyond = (name: string): boolean => {
    const address = config[name];
    return typeof address === "string" && !isLoopback(hostOf(address));
  };
  const served = config.tlsCertificateFile === undefined ? ["listen"].filter(isBeyond) : [];
  const called = config.serviceCertificateFile === undefined ? TARGETS.filter(isBeyond) : [];
  return [
    ...gaps,
    ...served.map((setting) => ({ setting, fault: beyond("TLS_CERTIFICATE_FILE") })),
    ...called.map((setting) => ({ setting, fault: beyond("SERVICE_CERTIFICATE_FILE") })),
  ];
}

function beyond(certificate: string): string {
  return `is not loopback: transport security is required, by ${certificate} or else PLAINTEXT`;
}

/** Which certificates could not be used, or are over. @param now milliseconds since 1970 */
export async function certificateFaults(
  config: Partial<TransportConfig>,
  now: number,
): Promise<readonly SettingFault[]> {
  const { tlsCertificateFile, tlsKeyFile, serviceCertificateFile, serviceKeyFile } = config;
  const authorities = config.serviceAuthoritiesFile;
  const faults = await Promise.all([
    faultOf("tlsCertificateFile", tlsCertificateFile, tlsKeyFile, undefined, now),
    faultOf("serviceCertificateFile", serviceCertificateFile, serviceKeyFile, authorities, now),
  ]);
  return faults.filter((fault) => fault !== undefined);
}

async function faultOf(
  setting: string,
  certificate: string | undefined,
  key: string | undefined,
  authorities: string | undefined,
  now: number,
): Promise<SettingFault | undefined> {
  if (certificate === undefined || key === undefined) return undefined;
  try {
    const { leaf } = certificateOf(await readFiles({ certificate, key, authorities }));
    if (Date.parse(leaf.validTo) > now) return undefined;
    return { setting, fault: `ended at ${new Date(leaf.validTo).toISOString()}` };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { setting, fault: `is not usable: ${why}` };
  }
}
