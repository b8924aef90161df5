import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Certificate,
  type CertificateAuthority,
  type CertificateOptions,
  createCertificateAuthority,
} from "@leasehold/dev-certificates";
import type { ServiceKind } from "./service-name.ts";

/** Settings by their names without the prefix of a service. */
type Settings = Readonly<Record<string, string>>;

/** What a cluster proves itself with: an authority of its own, and a certificate for whoever needs one. */
export interface ClusterCertificates {
  /** PEM. */
  readonly authorities: string;
  readonly authoritiesFile: string;
  /** What a service is told of its certificates. */
  settingsOf(kind: ServiceKind): Settings;
  /** What a service proves itself with to others, PEM. */
  proofOf(kind: ServiceKind): { readonly cert: string; readonly key: string };
  /** A certificate of the cluster's authority, whatever it says. */
  issue(options: CertificateOptions): Promise<Certificate>;
  /** Writes new certificates for every service; running ones take them over by themselves. */
  rotate(): Promise<void>;
}

/** Within what the services of every cluster are named. */
export const TRUST_DOMAIN = "leasehold.local";
export const NAMESPACE = "dev";
const HOSTS = ["127.0.0.1", "localhost"];
const KINDS = ["issuer", "activation", "seat-broker"] as const;

/** Makes an authority, and the certificates of every service, in a folder that only the caller can enter. */
export async function makeCertificates(folder: string): Promise<ClusterCertificates> {
  const authority = await createCertificateAuthority();
  const authoritiesFile = join(folder, "authorities.pem");
  await writeFile(authoritiesFile, authority.authorities);
  const rotate = async (): Promise<void> => {
    await Promise.all(KINDS.map((kind) => issueFor(authority, folder, kind)));
  };
  await rotate();
  return {
    authorities: authority.authorities,
    authoritiesFile,
    rotate,
    issue: (options) => authority.issue(options),
    proofOf: (kind) => ({
      cert: readFileSync(fileOf(folder, kind, "service"), "utf8"),
      key: readFileSync(fileOf(folder, kind, "service-key"), "utf8"),
    }),
    settingsOf: (kind) => ({
      TLS_CERTIFICATE_FILE: fileOf(folder, kind, "server"),
      TLS_KEY_FILE: fileOf(folder, kind, "server-key"),
      SERVICE_CERTIFICATE_FILE: fileOf(folder, kind, "service"),
      SERVICE_KEY_FILE: fileOf(folder, kind, "service-key"),
      SERVICE_AUTHORITIES_FILE: authoritiesFile,
      TRUST_DOMAIN,
      TRUST_NAMESPACE: NAMESPACE,
    }),
  };
}

async function issueFor(
  authority: CertificateAuthority,
  folder: string,
  kind: ServiceKind,
): Promise<void> {
  const uri = `spiffe://${TRUST_DOMAIN}/ns/${NAMESPACE}/sa/${kind}`;
  const server = await authority.issue({ hosts: HOSTS });
  const service = await authority.issue({ uris: [uri] });
  await replace(fileOf(folder, kind, "server-key"), server.key);
  await replace(fileOf(folder, kind, "server"), server.certificate);
  await replace(fileOf(folder, kind, "service-key"), service.key);
  await replace(fileOf(folder, kind, "service"), service.certificate);
}

/** In one step, so that nobody reads half a file. */
async function replace(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function fileOf(folder: string, kind: ServiceKind, what: string): string {
  return join(folder, `${kind}-${what}.pem`);
}
