import { issuer } from "@leasehold/contracts";
import { type ErrorReason, isProblem } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import { withServiceToken } from "@leasehold/service-kit";
import type { LicensedCustomer } from "../domain/resource.ts";
import type { Issuer } from "../use-cases/ports.ts";
import type { KeyJudge } from "../use-cases/unlock-ports.ts";
import { issuerUnavailable } from "./issuer-problems.ts";
import { licenseFactsOf } from "./license-facts-of.ts";
import { unlockableLicenseOf } from "./unlockable-license-of.ts";

/** What the issuer says about a license or a request to unlock it: the caller's affair, passed on as it is. */
const PASSED_ON: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "INVALID_REQUEST",
  "KEY_CHECK",
  "KEY_GENERATION_RETIRED",
  "UNLOCK_REFUSED",
  "LICENSE_NOT_STARTED",
  "LICENSE_EXPIRED",
  "LICENSE_SUSPENDED",
  "LICENSE_REVOKED",
  "RATE_LIMITED",
  "CANCELLED",
]);

/** What tells that the issuer cannot answer now. Its text names addresses, and stays here. */
const AWAY: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "DEPENDENCY_UNAVAILABLE",
  "SERVER_UNTRUSTED",
  "DEADLINE_EXCEEDED",
  "OVERLOADED",
  "DRAINING",
]);

/**
 * The issuer behind a channel.
 * @param token this service's bearer secret; without it, its certificate tells who it is
 */
export function grpcIssuer(channel: Channel, token: string | undefined): Issuer & KeyJudge {
  const credentials = withServiceToken(token);
  const calls = client(issuer.IssuerServiceDefinition, channel, credentials);
  const signing = client(issuer.SigningServiceDefinition, channel, credentials);
  return {
    verifyProductKey: (typed, signal) =>
      answered("VerifyProductKey", async () =>
        unlockableLicenseOf(await calls.verifyProductKey(typed, { signal })),
      ),
    issueCertificates: ({ license, installation, publicKey, fingerprint, answers }, signal) =>
      answered("IssueCertificates", async () => {
        const certificates = await calls.issueCertificates(
          {
            license,
            installation,
            publicKey: Buffer.from(publicKey),
            fingerprintSalt: Buffer.from(fingerprint?.salt ?? []),
            fingerprint: Object.fromEntries(
              [...(fingerprint?.components ?? [])].map(([name, digest]) => [
                name,
                Buffer.from(digest),
              ]),
            ),
            answers: answers ?? "",
          },
          { signal },
        );
        return {
          license: certificates.licenseCertificate,
          install: certificates.installationCertificate,
          trust: certificates.trustBundle,
        };
      }),
    revokeCertificate: ({ requestId, installation }, signal) =>
      answered("RevokeCertificate", async () => {
        const why = "the installation is over";
        await signing.revokeCertificate({ requestId, installation, why }, { signal });
      }),
    revocationList: (signal) =>
      answered("GetRevocationList", async () => {
        const { revocationList } = await signing.getRevocationList({}, { signal });
        return revocationList;
      }),
    trustBundle: (signal) =>
      answered("GetTrustBundle", async () => {
        const { trustBundle } = await calls.getTrustBundle({}, { signal });
        return trustBundle;
      }),
    async *watchLicenses(afterFeedRevision, signal) {
      const steps = calls.watchLicenses({ afterFeedRevision }, { signal });
      for await (const { feedRevision, license, productFacts, customer } of steps)
        yield {
          feedRevision,
          license: license && licenseFactsOf(license, productFacts),
          customer: customer && customerOf(customer),
        };
    },
  };
}

function customerOf({ name, revision, limits }: issuer.LicensedCustomer): LicensedCustomer {
  return { name, revision, resources: limits?.resources };
}

/** Anything that is neither passed on nor an outage is a defect of this service's, or of its settings. */
async function answered<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isProblem(error) || PASSED_ON.has(error.reason)) throw error;
    if (AWAY.has(error.reason)) throw issuerUnavailable(error);
    throw new Error(`the issuer refused ${method} over ${error.reason}`, { cause: error });
  }
}
