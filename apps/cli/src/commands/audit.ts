import type { CommandGroup } from "../command-group.ts";
import { fileText } from "../flag-values.ts";

export const AUDIT: CommandGroup = {
  name: "audit",
  summary: "who did what, and whether the record is whole",
  commands: [
    {
      verb: "list",
      kind: "list",
      method: "AuditService.listAuditEntries",
      summary: "Lists audit entries, the newest at the front",
      example: "--filter 'method = RevokeLicense AND time > 2026-01-01T00:00:00Z'",
      show: "auditEntries",
      columns: ["sequence", "time", "subject", "method", "resource", "why"],
    },
    {
      verb: "export",
      kind: "stream",
      method: "AuditService.exportAuditEntries",
      summary: "Writes audit entries as JSON, one a line, the oldest at the front",
      example: "--from 1 > audit.jsonl",
      flags: [
        { spelling: "--from <sequence>", path: "fromSequence", help: "the first; 1 unless said" },
        {
          spelling: "--to <sequence>",
          path: "toSequence",
          help: "the last; that of now unless said",
        },
      ],
      delivery: { kind: "lines", items: "auditEntries" },
    },
    {
      verb: "checkpoint",
      kind: "read",
      method: "AuditService.createAuditCheckpoint",
      summary: "Tells what the chain has come to, signed; keep it elsewhere",
      example: "--output json > checkpoint.json",
      show: "checkpoint",
    },
    {
      verb: "verify",
      kind: "stream",
      method: "AuditService.verifyAudit",
      summary: "Goes through the whole chain; fails if an entry is not as it was made",
      example: "--checkpoint-file checkpoint.jwt",
      flags: [
        {
          spelling: "--checkpoint-file <file>",
          path: "checkpoint",
          read: fileText,
          help: "a token that was kept; - for standard input",
        },
      ],
      delivery: { kind: "verdict", progress: "entries", fault: "fault" },
    },
    {
      verb: "verify-export",
      kind: "local",
      summary: "Goes through an export from its first entry on, with no connection",
      example:
        "audit.jsonl --checkpoint-file checkpoint.jwt --trust-bundle-file trust.jwt --trust-root HEX",
      argument: { name: "file" },
      flags: [
        { spelling: "--checkpoint-file <file>", help: "a token that was kept" },
        { spelling: "--trust-bundle-file <file>", help: "what the checkpoint is verified by" },
        {
          spelling: "--trust-root <hex>",
          help: "the root key that is pinned, 64 hexadecimal digits",
        },
      ],
      calls: [],
      load: async () => (await import("../local/verify-audit-export.ts")).verifyAuditExport,
    },
  ],
};
