import { type RevokedInstallation, signRevocationList } from "@leasehold/license-format";
import type { SiteClock } from "../domain/site-clock.ts";
import type { SiteLicense } from "../domain/site-license.ts";
import type { Issuer } from "./ports.ts";
import type { SiteKeyRing } from "./site-ports.ts";

/** What a site's revocation list is made of. */
export interface SiteRevocationPorts {
  readonly keyRing: Pick<SiteKeyRing, "deployment" | "licenseKey">;
  /** The license as the vendor told it last. */
  readonly license: () => SiteLicense | undefined;
  /** Installations of the site's that are over, the newest at the front. */
  readonly ended: () => Promise<readonly RevokedInstallation[]>;
  readonly siteNow: SiteClock;
}

/**
 * What is not believed of a site's certificates although it is signed. The list is made of the
 * database whenever somebody asks, so that nobody has to be told; its version is the site's time,
 * which never steps back.
 */
export function siteRevocations(
  ports: SiteRevocationPorts,
): Pick<Issuer, "revokeCertificate" | "revocationList"> {
  return {
    revokeCertificate: () => Promise.resolve(),
    revocationList: async () => {
      const { keyRing, license, ended, siteNow } = ports;
      const told = license();
      const issuedAt = siteNow();
      return signRevocationList(keyRing.licenseKey, {
        deployment: keyRing.deployment,
        version: Math.floor(issuedAt / 1_000),
        licenses: told?.state === "REVOKED" ? [idOf(told.license)] : [],
        installations: await ended(),
        issuedAt,
      });
    },
  };
}

function idOf(license: string): string {
  return license.slice(license.lastIndexOf("/") + 1);
}
