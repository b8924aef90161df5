import { type CertificateOptions, createCertificateAuthority } from "@leasehold/dev-certificates";
import { type Cluster, NAMESPACE, type ServiceKind, TRUST_DOMAIN } from "@leasehold/dev-cluster";

/** Whoever comes to a listener for services. */
export interface Visitor {
  readonly who: string;
  /** PEM; `undefined` if they show none. */
  readonly proof: { readonly cert: string; readonly key: string } | undefined;
  /** How far they may come: to no word of HTTP/2, to refusals alone, or to answers. */
  readonly gets: "nothing" | "refusals" | "answers";
}

const DAY_MS = 86_400_000;

interface Scope {
  readonly domain?: string;
  readonly namespace?: string;
}

function uri(
  service: string,
  { domain = TRUST_DOMAIN, namespace = NAMESPACE }: Scope = {},
): string {
  return `spiffe://${domain}/ns/${namespace}/sa/${service}`;
}

/** Certificates of the cluster's own authority that make nobody a service. */
function unfit(as: ServiceKind): Readonly<Record<string, CertificateOptions>> {
  const uris = [uri(as)];
  const now = Date.now();
  return {
    "a certificate that is over": {
      uris,
      notBefore: now - 2 * DAY_MS,
      notAfter: now - DAY_MS,
    },
    "a certificate of a later time": { uris, notBefore: now + DAY_MS, notAfter: now + 2 * DAY_MS },
    "another trust domain": { uris: [uri(as, { domain: "evil.example" })] },
    "a longer trust domain": { uris: [uri(as, { domain: `${TRUST_DOMAIN}.evil.example` })] },
    "another namespace": { uris: [uri(as, { namespace: "prod" })] },
    "a longer namespace": { uris: [uri(as, { namespace: `${NAMESPACE}/sa` })] },
    "a longer name": { uris: [`${uri(as)}/x`] },
    "an upper-case name": { uris: [uri(as.toUpperCase())] },
    "two names": { uris: [uri(as), uri("evil")] },
    "a name of hosts": { hosts: [as, "localhost", "127.0.0.1"] },
    "the name as a host": { hosts: [uri(as)] },
  };
}

/** Everybody who is no service, one that the cluster does not have, and one that it has. */
export async function visitors(
  cluster: Pick<Cluster, "issueCertificate">,
  as: ServiceKind,
): Promise<readonly Visitor[]> {
  const stranger = await createCertificateAuthority();
  const issued = async (
    who: string,
    options: CertificateOptions,
    gets: Visitor["gets"] = "nothing",
    issue: Cluster["issueCertificate"] = (what) => cluster.issueCertificate(what),
  ): Promise<Visitor> => {
    const { certificate: cert, key } = await issue(options);
    return { who, proof: { cert, key }, gets };
  };
  return [
    { who: "nobody", proof: undefined, gets: "nothing" },
    await issued("another authority", { uris: [uri(as)] }, "nothing", (what) =>
      stranger.issue(what),
    ),
    ...(await Promise.all(Object.entries(unfit(as)).map(([who, what]) => issued(who, what)))),
    await issued("a service that there is not", { uris: [uri("evil")] }, "refusals"),
    await issued("a service", { uris: [uri(as)] }, "answers"),
  ];
}
