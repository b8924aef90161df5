import type { issuer } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import {
  type SigningKey,
  signInstallation,
  signLicense,
  thumbprint,
} from "@leasehold/license-format";

/** By what certificates are signed. Times in milliseconds. */
export interface CertificateFacts {
  readonly deployment: string;
  readonly now: number;
  readonly lifeMs: number;
}

/** Signs both certificates of an installation, as the issuer does. @throws Problem NOT_FOUND where there is no license */
export async function signCertificates(
  signers: { readonly license: SigningKey; readonly install: SigningKey },
  found: issuer.License | undefined,
  request: issuer.IssueCertificatesRequest,
  { deployment, now, lifeMs }: CertificateFacts,
): Promise<Omit<issuer.IssueCertificatesResponse, "trustBundle">> {
  if (found?.terms?.startTime === undefined || found.terms.endTime === undefined)
    throw new Problem("NOT_FOUND");
  const claims = {
    deployment,
    product: found.product,
    license: found.name,
    issuedAt: now,
    refreshBy: now + lifeMs,
    id: crypto.randomUUID(),
  };
  const licenseCertificate = await signLicense(signers.license, {
    ...claims,
    revision: Number(found.revision),
    licensee: found.licensee ?? { name: "", organization: "" },
    terms: {
      model: "FLOATING",
      seats: found.terms.seats,
      features: found.terms.features.map(({ feature, limit, seats }) => ({
        feature,
        ...(limit === undefined ? {} : { limit: Number(limit) }),
        ...(seats === undefined ? {} : { seats }),
      })),
      startTime: found.terms.startTime.getTime(),
      endTime: found.terms.endTime.getTime(),
    },
  });
  const installationCertificate = await signInstallation(signers.install, {
    ...claims,
    installation: request.installation,
    publicKeyThumbprint: thumbprint(request.publicKey),
    ...(request.answers === "" ? {} : { answers: request.answers }),
    ...fingerprintOf(request),
  });
  const refreshTime = new Date(claims.refreshBy);
  return { licenseCertificate, installationCertificate, refreshTime };
}

function fingerprintOf({ fingerprint, fingerprintSalt }: issuer.IssueCertificatesRequest) {
  const components = Object.entries(fingerprint);
  if (components.length === 0) return {};
  return {
    fingerprint: {
      salt: fingerprintSalt.toString("base64url"),
      components: Object.fromEntries(
        components.map(([name, digest]) => [name, digest.toString("base64url")]),
      ),
    },
  };
}
