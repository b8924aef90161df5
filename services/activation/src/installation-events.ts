import { isProblem } from "@leasehold/kernel";
import type { Log } from "@leasehold/service-kit";
import { type Installation, installationName } from "./domain/installation.ts";
import type { InstallationEvent, InstallationPorts } from "./use-cases/installation-ports.ts";

/** Writes what happens to installations to the log. */
export function installationEvents(log: Log): InstallationPorts["report"] {
  return (event) => {
    switch (event.kind) {
      case "changed":
        return log.info(
          { ...factsOf(event.installation), method: event.method, subject: event.subject },
          "installation changed",
        );
      case "refreshed":
        return event.isAhead
          ? log.warn(factsOf(event.installation), "installation refreshed, ahead of what was known")
          : log.info(factsOf(event.installation), "installation refreshed");
      case "conflict":
        return log.warn(
          { ...factsOf(event.installation), conflict: event.conflict },
          "installation in conflict",
        );
      case "revocations-untold":
        return log.warn(causeFacts(event), "issuer not told of installations that are over");
    }
  };
}

function factsOf({ id, license, state, counter }: Installation) {
  return { installation: installationName(id), license, state, counter };
}

/** An outage is told in a few words; anything else with its stack. */
function causeFacts({
  cause,
}: Extract<InstallationEvent, { readonly kind: "revocations-untold" }>) {
  return isProblem(cause) ? { reason: cause.reason, detail: cause.message } : { err: cause };
}
