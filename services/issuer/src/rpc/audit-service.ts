import { issuer } from "@leasehold/contracts";
import { readList } from "@leasehold/list-query";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { ServiceBinding } from "@leasehold/service-kit";
import { AUDIT_LIST } from "../domain/audit-list.ts";
import { createAuditCheckpoint } from "../use-cases/create-audit-checkpoint.ts";
import { exportAudit } from "../use-cases/export-audit.ts";
import type { CurrentKeyRing } from "../use-cases/key-ring.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import { verifyAudit } from "../use-cases/verify-audit.ts";
import { readExportAuditEntries } from "./parse-audit.ts";
import { presentAuditCheckpoint, presentAuditEntry, presentAuditVerdict } from "./present-audit.ts";

/** What reading the audit log works with. */
export interface AuditServicePorts extends Pick<IssuerPorts, "store" | "clock"> {
  readonly currentKeyRing: CurrentKeyRing;
  readonly pageTokens: PageTokens;
}

/** The audit log's methods of the contract. */
export function auditService(ports: AuditServicePorts): ServiceBinding {
  return implement(issuer.AuditServiceDefinition, {
    listAuditEntries: async (request) => {
      const { query, nextPageToken } = parseRequest((check) =>
        readList(check, AUDIT_LIST, request, {
          tokens: ports.pageTokens,
          method: "ListAuditEntries",
          parent: "",
        }),
      );
      const page = await ports.store.listAuditEntries(query);
      return {
        auditEntries: page.items.map(presentAuditEntry),
        nextPageToken: nextPageToken(page),
      };
    },
    exportAuditEntries: async function* (request) {
      const wanted = parseRequest((check) => readExportAuditEntries(check, request));
      for await (const chunk of exportAudit(ports, wanted)) {
        yield { auditEntries: chunk.map(presentAuditEntry) };
      }
    },
    createAuditCheckpoint: async () => ({
      checkpoint: presentAuditCheckpoint(
        await createAuditCheckpoint({ ...ports, keyRing: ports.currentKeyRing() }),
      ),
    }),
    verifyAudit: async function* ({ checkpoint }, { signal }) {
      const verifying = { ...ports, keyRing: ports.currentKeyRing() };
      for await (const verdict of verifyAudit(verifying, checkpoint || undefined, signal)) {
        yield presentAuditVerdict(verdict);
      }
    },
  });
}
