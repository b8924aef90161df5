import { seatBroker } from "@leasehold/contracts";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import type { PageTokens } from "../domain/page-token.ts";
import { exportUsage } from "../use-cases/export-usage.ts";
import {
  getUsage,
  listDenials,
  listSessions,
  type ReadUsagePorts,
} from "../use-cases/read-usage.ts";
import { parseDenials, parseExport, parseSessions, parseUsage } from "./parse-usage.ts";
import { presentDenials, presentSessions, presentUsage } from "./present-usage.ts";

export interface UsagePorts extends ReadUsagePorts {
  readonly pageTokens: PageTokens;
}

/** The ledger's methods of the contract, each a translation around a use case. */
export function usageService(ports: UsagePorts): ServiceBinding {
  const { pageTokens } = ports;
  return implement(seatBroker.UsageServiceDefinition, {
    listSessions: async (request) => {
      const { page, scope } = parseSessions(request, pageTokens);
      return presentSessions(await listSessions(ports, page), scope, pageTokens);
    },
    listDenials: async (request) => {
      const { page, scope } = parseDenials(request, pageTokens);
      return presentDenials(await listDenials(ports, page), scope, pageTokens);
    },
    getUsage: async (request) => {
      const wanted = parseUsage(request);
      return presentUsage(await getUsage(ports, wanted), wanted.spanMs);
    },
    exportUsage: async function* (request) {
      for await (const csv of exportUsage(ports, parseExport(request)))
        yield { csv: Buffer.from(csv) };
    },
  });
}
