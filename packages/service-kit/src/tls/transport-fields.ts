import { field, type FieldOptions, optional } from "../config/field.ts";
import { address, integer, string } from "../config/fields.ts";
import type { Config } from "../config/config.ts";
import { TRUST_DOMAIN, TRUST_LABEL } from "./service-identity.ts";

/** The settings of transport security, of every service. */
export function transportFields() {
  return {
    internalListen: optional(
      address({
        doc: "A second address to listen on, for the services of the cluster alone, which prove themselves with certificates; methods for services are served there only",
      }),
    ),
    tlsCertificateFile: file(
      "The certificate of LISTEN with its chain, PEM, followed when it changes",
    ),
    tlsKeyFile: file("The private key of TLS_CERTIFICATE_FILE, PEM"),
    serviceCertificateFile: file(
      "The certificate of this service with its chain, PEM, with which it calls others and answers on INTERNAL_LISTEN; followed when it changes",
    ),
    serviceKeyFile: file("The private key of SERVICE_CERTIFICATE_FILE, PEM"),
    serviceAuthoritiesFile: file(
      "The authorities that certificates of services have to be of, PEM; followed when it changes",
    ),
    trustDomain: label(TRUST_DOMAIN, {
      doc: "The trust domain of the cluster: a service is spiffe://TRUST_DOMAIN/ns/TRUST_NAMESPACE/sa/SERVICE",
    }),
    trustNamespace: label(TRUST_LABEL, { doc: "The namespace of the cluster in its trust domain" }),
    connectionsPerAddress: integer({
      doc: "Connections that one address may have open at LISTEN, an IPv6 network of 64 bits being one; more where a proxy stands in front",
      default: "1000",
      min: 1,
    }),
    connections: integer({
      doc: "Connections that may be open at LISTEN, and again at INTERNAL_LISTEN",
      default: "20000",
      min: 1,
    }),
  } as const;
}

/** What the settings of transport security say. */
export type TransportConfig = Config<ReturnType<typeof transportFields>> & {
  readonly plaintext: boolean;
  /** Of a service that calls others: its bearer secret, where it has no certificate. */
  readonly serviceToken?: string | undefined;
};

const SERVICE = ["serviceCertificateFile", "serviceKeyFile", "serviceAuthoritiesFile"] as const;
const NAMED = [...SERVICE, "trustDomain", "trustNamespace"] as const;
const TLS = ["tlsCertificateFile", "tlsKeyFile"] as const;

/** The settings that go together, and are not all there. */
export function transportGaps(config: TransportConfig): readonly (keyof TransportConfig)[] {
  const missing = (names: readonly (keyof TransportConfig)[]) =>
    names.filter((name) => config[name] === undefined);
  const partly = (names: readonly (keyof TransportConfig)[]) => {
    const gaps = missing(names);
    return gaps.length === names.length ? [] : gaps;
  };
  const unproven = "serviceToken" in config && config.serviceCertificateFile === undefined;
  return [
    ...(unproven ? missing(["serviceToken"]) : []),
    ...partly(TLS),
    ...(config.internalListen === undefined ? partly(NAMED) : missing(NAMED)),
  ];
}

/** The path itself is the value: the file is read again and again. */
function file(doc: string) {
  return optional({ ...string({ doc }), form: "path" });
}

function label(pattern: RegExp, options: FieldOptions) {
  return optional(
    field("name in lower case", options, (text) =>
      pattern.test(text)
        ? { value: text }
        : { fault: "must be lower-case letters, digits and hyphens" },
    ),
  );
}
