import type { X509Certificate } from "node:crypto";

/** Within what the names of services are unique. */
export interface TrustScope {
  /** For example `leasehold.example.com`. */
  readonly trustDomain: string;
  /** For example `production`. */
  readonly namespace: string;
}

/** A DNS name in lower case: what SPIFFE takes for a trust domain. */
export const TRUST_DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?$/;
/** A namespace, or the name of a service: one DNS label. */
export const TRUST_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The URI that a service's certificate has to have. */
function serviceUri({ trustDomain, namespace }: TrustScope, service: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${service}`;
}

/**
 * The name of the service that a certificate is for, by its only URI, which is compared as it stands:
 * no part is decoded, folded or cut off. `undefined` if it is not exactly one of a service in the scope, or
 * the certificate is an authority's. Whether it verifies is another question.
 */
export function serviceOf(
  certificate: Pick<X509Certificate, "subjectAltName" | "ca">,
  scope: TrustScope,
): string | undefined {
  if (certificate.ca) return undefined;
  const uri = onlyUri(certificate.subjectAltName ?? "");
  const prefix = serviceUri(scope, "");
  if (uri === undefined || !uri.startsWith(prefix)) return undefined;
  const service = uri.slice(prefix.length);
  return TRUST_LABEL.test(service) ? service : undefined;
}

/** A name that could be taken for several is quoted by Node; no certificate of ours has one. */
function onlyUri(names: string): string | undefined {
  if (names.includes('"')) return undefined;
  const uris = names.split(", ").filter((name) => name.startsWith("URI:"));
  return uris.length === 1 ? uris[0]?.slice("URI:".length) : undefined;
}
