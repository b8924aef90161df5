import {
  type Config,
  databaseFields,
  defineConfig,
  duration,
  field,
  flag,
  integer,
  optional,
  parsedFile,
  secretFile,
  serviceFields,
  string,
  target,
} from "@leasehold/service-kit";
import { configSchema } from "./config.ts";
import { readKeys, unlockFields } from "./config-unlock.ts";

const HOUR_MS = 3_600_000;

/** The settings of the activation service at a customer's site. The first of the site's own tells that it is one. */
export const siteConfigSchema = defineConfig("ACTIVATION", {
  ...serviceFields({ listen: "127.0.0.1:7402" }),
  ...databaseFields(),
  salesContact: configSchema.fields.salesContact,
  ...unlockFields(),
  siteDirectory: string({
    doc: "The directory of the site's installation, which `leasehold site unlock` made: with it, the service is a license server at a customer's site",
  }),
  siteVendorSeatBrokers: target({ doc: "Where the vendor's seat-brokers listen" }),
  siteVendorAuthorities: optional(
    secretFile({
      doc: "The authorities, PEM, that the vendor's servers are known by; without it, the system's, and plaintext to this machine",
    }),
  ),
  siteVendorActivation: target({
    doc: "Where the vendor's activation listens, which refreshes the site's certificates",
  }),
  siteSeats: integer({
    doc: "How many of the license's seats the site wants to hand out",
    min: 1,
    max: 1_000,
  }),
  siteFeatureSeats: optional(
    field(
      "dataflow=2,reporting=1",
      {
        doc: "How many of these seats may use a feature, of the features whose seats the license limits",
      },
      readFeatureSeats,
    ),
  ),
  siteTerm: duration({
    doc: "For how long the site may be on its own; the license's offline days may allow less. As long do seats stay with it that it gives up",
    default: "1d",
    minMs: HOUR_MS,
    maxMs: 365 * 24 * HOUR_MS,
  }),
  siteClockError: duration({
    doc: "How far the clocks of the site's activation service and of its Redis may differ",
    default: "30s",
    minMs: 1_000,
    maxMs: HOUR_MS / 2,
  }),
  siteSeatBroker: target({
    doc: "Where the site's own seat-broker listens",
    default: "127.0.0.1:7403",
  }),
  siteSeatBrokerToken: secretFile({
    doc: "A bearer secret of an administrator at the site's own seat-broker, with the permission seats.read",
  }),
  siteKeyEncryptionKey: parsedFile(
    {
      doc: "Seals the site's private keys in the database: 32 bytes as 64 hexadecimal digits; after a rotation one a line, newest first",
    },
    readKeys,
  ),
  siteLeasePublicKeys: optional(
    parsedFile(
      {
        doc: "What seats borrowed from the site are verified with: the public half of its seat-brokers' lease key as 64 hexadecimal digits, others one a line. Without it, none can be",
      },
      readPublicKeys,
    ),
  ),
  siteExchangeLogFile: optional(
    string({ doc: "A file for the exchanges between site and vendor, a JSON line each" }),
  ),
  siteExchangeLog: flag({
    doc: "Write exchanges from the start; an administrator may turn it while the service runs",
    default: "off",
  }),
  siteExchangeLogSize: integer({
    doc: "Size at which the exchange log is put aside, in MiB",
    default: "10",
    min: 1,
    max: 1_024,
  }),
  siteExchangeLogKept: integer({
    doc: "How many exchange logs that were put aside are kept",
    default: "5",
    min: 1,
    max: 100,
  }),
});

/** What the settings say. */
export type SiteConfig = Config<(typeof siteConfigSchema)["fields"]>;

/** Reads `dataflow=2,reporting=1`. */
export function readFeatureSeats(
  text: string,
): { readonly value: ReadonlyMap<string, number> } | { readonly fault: string } {
  const entries = text.split(",").map((entry) => /^([a-z][a-z0-9_-]{0,63})=(\d{1,4})$/.exec(entry));
  const seats = new Map(entries.map((entry) => [entry?.[1] ?? "", Number(entry?.[2])]));
  return entries.includes(null) || seats.size !== entries.length
    ? { fault: "must be features with seats, each once: dataflow=2,reporting=1" }
    : { value: seats };
}

function readPublicKeys(text: string): readonly Uint8Array[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
    return Uint8Array.from(Buffer.from(line, "hex"));
  });
}
