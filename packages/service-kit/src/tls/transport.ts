import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import type { ConnectOptions } from "@leasehold/rpc-client";
import type { Log } from "../log/log.ts";
import { blaming } from "../process/blame.ts";
import { type LiveCertificate, liveCertificate } from "./live-certificate.ts";
import { serviceOf, type TrustScope } from "./service-identity.ts";
import type { TransportConfig } from "./transport-fields.ts";

/** A service of the cluster, by its name in certificates. */
export type ClusterService = "issuer" | "activation" | "seat-broker";

/** How connections are secured, in and out. */
export interface Transport extends Disposable {
  /** What the public listener shows; it is plaintext without. */
  readonly server: LiveCertificate | undefined;
  /** As what this service is known to others, and how it knows them. */
  readonly service: ServiceTransport | undefined;
  /** How to reach a service of the cluster that proves itself as such. */
  to(service: ClusterService): ConnectOptions;
  /** How to reach the public listener of a service of the cluster. */
  readonly toPublic: ConnectOptions;
}

/** A service's own certificate, and within what other services are named. */
export interface ServiceTransport {
  readonly certificate: LiveCertificate;
  readonly scope: TrustScope;
}

/**
 * Reads the certificates that the settings name, and follows them.
 * @param everyMs how often their files are looked at; every two seconds if absent
 * @throws Error if one is not usable
 */
export async function openTransport(
  config: TransportConfig,
  log: Log,
  everyMs?: number,
): Promise<Transport> {
  using opening = new DisposableStack();
  const { plaintext } = config;
  if (plaintext) log.warn({}, "plaintext is allowed: whoever sees the network sees everything");
  const { tlsCertificateFile: certificate, tlsKeyFile: key } = config;
  const server =
    certificate !== undefined && key !== undefined
      ? opening.use(
          await blaming(["tlsCertificateFile", "tlsKeyFile"], () =>
            liveCertificate({ certificate, key }, { name: "server", log, everyMs }),
          ),
        )
      : undefined;
  const service = await openService(config, log, everyMs);
  if (service) opening.use(service.certificate);
  const open = opening.move();
  return {
    server,
    service,
    to: (name) => (service ? { tls: asService(service, name) } : { plaintext }),
    toPublic: service ? { tls: { context: publicContext(service) } } : { plaintext },
    [Symbol.dispose]: () => open.dispose(),
  };
}

async function openService(
  config: TransportConfig,
  log: Log,
  everyMs: number | undefined,
): Promise<ServiceTransport | undefined> {
  const { serviceCertificateFile, serviceKeyFile, serviceAuthoritiesFile } = config;
  const { trustDomain, trustNamespace } = config;
  if (serviceCertificateFile === undefined || serviceKeyFile === undefined) return undefined;
  if (trustDomain === undefined || trustNamespace === undefined) return undefined;
  const files = {
    certificate: serviceCertificateFile,
    key: serviceKeyFile,
    authorities: serviceAuthoritiesFile,
  };
  const certificate = await blaming(
    ["serviceCertificateFile", "serviceKeyFile", "serviceAuthoritiesFile"],
    () => liveCertificate(files, { name: "service", log, everyMs }),
  );
  return { certificate, scope: { trustDomain, namespace: trustNamespace } };
}

/** With its own certificate, to whoever has that of the other service, wherever it is. */
function asService(
  { certificate, scope }: ServiceTransport,
  name: ClusterService,
): NonNullable<ConnectOptions["tls"]> {
  return {
    context: () => certificate.current.context,
    identify: ({ raw }) =>
      serviceOf(new X509Certificate(raw), scope) === name
        ? undefined
        : new Error(`this is not the certificate of the service ${name}`),
  };
}

/** Public certificates may be of the cluster's own authorities, or of the world's. */
function publicContext({ certificate }: ServiceTransport): () => SecureContext {
  const made = (): SecureContext =>
    createSecureContext({
      minVersion: "TLSv1.3",
      ca: [...rootCertificates, String(certificate.current.options.ca)],
    });
  let context = made();
  certificate.onExchange(() => (context = made()));
  return () => context;
}
