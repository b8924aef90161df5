import { openInstallation, refreshInstallation, type RefreshOptions } from "@leasehold/client";
import type { SiteInstallation } from "../use-cases/site-ports.ts";

/** The site's own installation, in its directory, and the vendor's activation, which refreshes it. */
export function siteInstallation(
  options: Pick<
    RefreshOptions,
    "activation" | "authorities" | "directory" | "clock" | "onExchange" | "machine"
  >,
): SiteInstallation {
  const { directory, clock } = options;
  return {
    read: async () => {
      const opened = await openInstallation(directory, clock ? { clock } : {});
      if (opened.kind !== "unlocked") return opened;
      const { issuedAt, refreshBy, trust } = opened.installation;
      return { kind: "unlocked", issuedAt, endTime: refreshBy, trustVersion: trust.version };
    },
    refresh: async (signal) => {
      await refreshInstallation({ ...options, signal });
    },
  };
}
