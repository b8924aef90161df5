import { activation } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import { parseRequest } from "@leasehold/service-kit";
import type { UnlockCommand } from "../use-cases/unlock.ts";
import { parseFingerprint } from "./parse-fingerprint.ts";

/** Longest text of a field that people fill in, in code points. */
const LONGEST_TEXT = 200;
const PUBLIC_KEY_BYTES = 32;

/**
 * Reads a request to unlock, but for the product key, which has a reading of its own.
 * @throws Problem INVALID_REQUEST
 */
export function parseUnlock(request: activation.UnlockRequest): UnlockCommand {
  return parseRequest((check) => {
    check.name("product", request.product, "products/{product}");
    return {
      request: {
        requestId: check.uuid("request_id", request.requestId),
        method: "Unlock",
        body: canonicalBytes(request),
      },
      licensee: {
        name: check.text("licensee_name", request.licenseeName, { min: 1, max: LONGEST_TEXT }),
        organization: check.text("licensee_organization", request.licenseeOrganization, {
          min: 1,
          max: LONGEST_TEXT,
        }),
      },
      productKey: request.productKey,
      product: request.product,
      publicKey: check.bytes("public_key", request.publicKey, PUBLIC_KEY_BYTES),
      fingerprint: request.fingerprint && parseFingerprint(check, request.fingerprint),
      host: check.text("host", request.host, { max: LONGEST_TEXT }),
    };
  });
}

/**
 * Reads which installation is asked for.
 * @throws Problem INVALID_REQUEST
 */
export function parseGetInstallation({ name }: activation.GetInstallationRequest): Uuid {
  return parseRequest((check) =>
    check.uuid("name", check.name("name", name, "installations/{installation}").installation),
  );
}

/**
 * Reads from where the feed is asked for.
 * @throws Problem INVALID_REQUEST
 */
export function parseWatchEntitlements(request: activation.WatchEntitlementsRequest): bigint {
  return parseRequest((check) =>
    check.integer("after_feed_revision", request.afterFeedRevision, {
      min: 0n,
      max: 2n ** 63n - 1n,
    }),
  );
}

/** A map has no order: a client that encodes the same request anew may write it in another one. */
function canonicalBytes(request: activation.UnlockRequest): Uint8Array {
  const fingerprint = request.fingerprint && {
    ...request.fingerprint,
    components: Object.fromEntries(
      Object.entries(request.fingerprint.components).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  return activation.UnlockRequest.encode({ ...request, fingerprint }).finish();
}
