import type { issuer } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import type { LicenseRef } from "../domain/license.ts";
import { parseInstallationName, parseProductName } from "../domain/resource-names.ts";
import type { IssueCertificates } from "../use-cases/issue-certificates.ts";
import type { VerifyProductKey } from "../use-cases/verify-product-key.ts";
import { readLicensee, readLicenseName } from "./parse-license.ts";
import { INSTALLATION_PATTERN, PRODUCT_PATTERN, readName } from "./read-name.ts";

const FINGERPRINT_MAX = 32;
const COMPONENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const REFERENCE = /^[A-Z0-9-]{0,32}$/;
const DIGEST = { min: 1, max: 64 } as const;
const SALT_MAX = 64;
const FEED_REVISION = { min: 0n, max: 2n ** 63n - 1n } as const;

/** The license to make a product key of. */
export function readCreateProductKey(
  check: Check,
  { parent }: issuer.CreateProductKeyRequest,
): LicenseRef {
  return readLicenseName(check, "parent", parent);
}

/** What somebody typed. The key is not judged here: what is wrong with it has reasons of its own. */
export function readVerifyProductKey(
  check: Check,
  { productKey, licensee, product, supportReference }: issuer.VerifyProductKeyRequest,
): VerifyProductKey {
  return {
    supportReference: check.matching(
      "support_reference",
      supportReference,
      REFERENCE,
      "must be at most 32 of A-Z 0-9 -",
    ),
    typedKey: productKey,
    licensee: readLicensee(check, "licensee", licensee),
    productId: readName(check, "product", product, parseProductName, PRODUCT_PATTERN),
  };
}

/** The installation to certify. */
export function readIssueCertificates(
  check: Check,
  request: issuer.IssueCertificatesRequest,
): IssueCertificates {
  const { license, installation, publicKey, fingerprintSalt } = request;
  const components = readFingerprint(check, request.fingerprint);
  const leastSalt = components.size > 0 ? 1 : 0;
  const salt = check.bytes("fingerprint_salt", fingerprintSalt, { min: leastSalt, max: SALT_MAX });
  return {
    license: readLicenseName(check, "license", license),
    installation: readName(
      check,
      "installation",
      installation,
      parseInstallationName,
      INSTALLATION_PATTERN,
    ),
    publicKey: check.bytes("public_key", publicKey, 32),
    ...(components.size === 0 ? {} : { fingerprint: { salt, components } }),
    ...(request.answers !== "" && { answers: check.uuid("answers", request.answers) }),
  };
}

/** The point of the feed to go on from. */
export function readWatchLicenses(
  check: Check,
  { afterFeedRevision }: issuer.WatchLicensesRequest,
): bigint {
  return check.integer("after_feed_revision", afterFeedRevision, FEED_REVISION);
}

function readFingerprint(
  check: Check,
  fingerprint: issuer.IssueCertificatesRequest["fingerprint"],
): ReadonlyMap<string, Uint8Array> {
  const components = new Map(Object.entries(fingerprint));
  if (components.size > FINGERPRINT_MAX) {
    check.violation("fingerprint", `must have at most ${FINGERPRINT_MAX} components`);
    return components;
  }
  for (const [name, digest] of components) {
    check.matching(
      "fingerprint",
      name,
      COMPONENT,
      "must name components by 1 to 64 of A-Z a-z 0-9 - _ .",
    );
    check.bytes("fingerprint", digest, DIGEST);
  }
  return components;
}
