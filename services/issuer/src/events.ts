import type { Log } from "@leasehold/service-kit";
import type { IssuerEvent } from "./use-cases/issuer-event.ts";

const MESSAGE = {
  "carried-out": "carried out",
  "certificates-issued": "certificates issued",
  "key-refused": "product key refused",
} as const satisfies Record<IssuerEvent["kind"], string>;

/** Reports each business fact as one line of the log, bigints as text, and has it counted. */
export function reportTo(
  log: Log,
  count: (event: IssuerEvent) => void = () => {},
): (event: IssuerEvent) => void {
  return (event) => {
    count(event);
    const { kind, ...facts } = event;
    const revision = "revision" in event ? { revision: event.revision.toString() } : {};
    log.info({ event: kind, ...facts, ...revision }, MESSAGE[kind]);
  };
}
