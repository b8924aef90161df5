import type { activation } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import { parseRequest } from "@leasehold/service-kit";

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
