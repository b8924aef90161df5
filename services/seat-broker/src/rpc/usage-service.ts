import { seatBroker } from "@leasehold/contracts";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { PageTokens } from "../domain/page-token.ts";
import { exportUsage } from "../use-cases/export-usage.ts";
import {
  getUsage,
  listDenials,
  listSessions,
  type ReadUsagePorts,
} from "../use-cases/read-usage.ts";
import { mayRead } from "./customer-scope.ts";
import { parseDenials, parseExport, parseSessions, parseUsage } from "./parse-usage.ts";
import { presentDenials, presentSessions, presentUsage } from "./present-usage.ts";

export interface UsagePorts extends ReadUsagePorts {
  readonly pageTokens: PageTokens;
}

/** The ledger's methods of the contract, each a translation around a use case. */
export function usageService(ports: UsagePorts): ServiceBinding {
  const { pageTokens } = ports;
  return implement(seatBroker.UsageServiceDefinition, {
    listSessions: async (request, call) => {
      const { page, scope } = parseSessions(request, pageTokens);
      mayRead(call, request.parent, licenseNotFound);
      return presentSessions(await listSessions(ports, page), scope, pageTokens);
    },
    listDenials: async (request, call) => {
      const { page, scope } = parseDenials(request, pageTokens);
      mayRead(call, request.parent, licenseNotFound);
      return presentDenials(await listDenials(ports, page), scope, pageTokens);
    },
    getUsage: async (request, call) => {
      const wanted = parseUsage(request);
      mayRead(call, request.parent, licenseNotFound);
      return presentUsage(await getUsage(ports, wanted), wanted.spanMs);
    },
    exportUsage: async function* (request, call) {
      const wanted = parseExport(request);
      mayRead(call, request.parent, licenseNotFound);
      for await (const csv of exportUsage(ports, wanted)) yield { csv: Buffer.from(csv) };
    },
  });
}
