import { isProblem } from "@leasehold/kernel";
import type { Log } from "@leasehold/service-kit";
import type { CertificateEvent } from "./use-cases/keep-certificates.ts";
import type { SiteEvent } from "./use-cases/run-site.ts";

/** What a license server at a customer's site tells of what happens to it. */
export interface SiteEvents {
  readonly site: (event: SiteEvent) => void;
  readonly certificates: (event: CertificateEvent) => void;
  readonly exchangeLogFailed: (err: Error) => void;
}

/** Writes the events to the log. */
export function siteEvents(log: Log): SiteEvents {
  return {
    exchangeLogFailed: (err) => log.warn({ err }, "exchange log not written"),
    site: (event) => logSite(log, event),
    certificates: (event) => logCertificates(log, event),
  };
}

function logSite(log: Log, event: SiteEvent): void {
  switch (event.kind) {
    case "vendor-reached":
      return log.info({}, "vendor reached again");
    case "vendor-failed":
      return log.warn(causeFacts(event.cause), "vendor refused or not reached");
    case "license-told": {
      const { license, state, terms } = event.license;
      return log.info({ license, state, seats: terms.seats }, "vendor told the license");
    }
    case "granting": {
      const { seats, held } = event;
      const until = new Date(event.endTime).toISOString();
      return log.info({ seats, held, until }, "site hands out seats");
    }
    case "taken-over":
      return log.error({}, "another process looks after the site");
    case "round-failed":
      return log.error({ err: event.cause }, "site not looked after");
  }
}

function logCertificates(log: Log, event: CertificateEvent): void {
  switch (event.kind) {
    case "certificates-refreshed": {
      const { endTime, trustVersion } = event;
      const until = new Date(endTime).toISOString();
      return log.info({ until, trustVersion }, "site certificates refreshed");
    }
    case "certificates-failed":
      return log.warn(causeFacts(event.cause), "site certificates not refreshed");
    case "certificates-over":
      return log.error({ fault: event.fault }, "site certificates over");
  }
}

function causeFacts(cause: unknown) {
  return isProblem(cause) ? { reason: cause.reason, detail: cause.message } : { err: cause };
}
