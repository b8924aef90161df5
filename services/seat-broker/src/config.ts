import {
  type Config,
  databaseFields,
  defineConfig,
  duration,
  field,
  fromFile,
  hexBytes,
  optional,
  integer,
  parsedFile,
  secretFile,
  serviceFields,
  signInFields,
  target,
} from "@leasehold/service-kit";
import { DAY_MS } from "./domain/usage-spans.ts";

const LONGEST_KEPT_MS = 36_500 * DAY_MS;

import { redisTarget } from "@leasehold/store-kit";

/** The settings of the seat-broker. */
export const configSchema = defineConfig("SEAT_BROKER", {
  ...serviceFields({ listen: "127.0.0.1:7403" }),
  ...databaseFields(),
  ...signInFields(),
  redisUrl: field(
    "redis://…, redis+sentinel://… or redis+cluster://…",
    {
      doc: "The Redis that has the seats: one server, sentinels and the name of their primary, or a cluster",
    },
    readRedisUrl,
  ),
  redisPassword: optional(secretFile({ doc: "The password of Redis, unless the URL has it" })),
  activationAddress: target({
    doc: "Where the activation service listens",
    default: "127.0.0.1:7402",
  }),
  issuerAddress: target({
    doc: "Where the issuer listens, which is asked for the accounts of people",
    default: "127.0.0.1:7401",
  }),
  serviceToken: secretFile({
    doc: "The bearer secret that this service presents to the activation service, and to the issuer",
  }),
  trustRoot: hexBytes(32, { doc: "The deployment's root public key, which signs trust bundles" }),
  leaseTokenKeys: parsedFile(
    {
      doc: "What lease tokens are made with: 32 bytes as 64 hexadecimal digits; after a rotation one a line, newest first. Older ones must stay for the longest lease and the fence",
    },
    readTokenKeys,
  ),
  leaseKey: optional(
    fromFile(
      hexBytes(32, {
        doc: "Signs borrowed seats: the 32 bytes of an Ed25519 private key, the same at all seat-brokers; its public half is a setting of the issuer. Without it, none can be borrowed",
      }),
    ),
  ),
  fence: duration({
    doc: "How long an earlier primary of Redis may go on after another one took over: 2s more than min-replicas-max-lag, or than cluster-node-timeout",
    default: "12s",
    maxMs: 600_000,
  }),
  streams: integer({
    doc: "KeepAlive streams that may be open at a time",
    default: "50000",
    min: 1,
    max: 90_000,
  }),
  streamsPerInstallation: integer({
    doc: "KeepAlive streams that one installation may have open at a time: one for each process of the application",
    default: "1000",
    min: 1,
  }),
  waiters: integer({
    doc: "Who may wait for a seat at a time; each costs about one call to Redis a second",
    default: "5000",
    min: 1,
    max: 10_000,
  }),
  waitersPerInstallation: integer({
    doc: "Who of one installation may wait for a seat at a time",
    default: "500",
    min: 1,
  }),
  usageSessionsKept: duration({
    doc: "How long the ledger keeps who had a seat, who got none, and their names",
    default: "400d",
    minMs: DAY_MS,
    maxMs: LONGEST_KEPT_MS,
  }),
  usageRollupsKept: duration({
    doc: "How long the ledger keeps how many seats were in use, without names",
    default: "1830d",
    minMs: DAY_MS,
    maxMs: LONGEST_KEPT_MS,
  }),
});

/** Never tells the URL, which may hold a password. */
function readRedisUrl(text: string): { readonly value: string } | { readonly fault: string } {
  try {
    redisTarget(text);
    return { value: text };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "must be a URL of Redis" };
  }
}

/** What the settings say. */
export type SeatBrokerConfig = Config<(typeof configSchema)["fields"]>;

/** The keys of a file, 32 bytes each, newest first. */
export function readTokenKeys(text: string): readonly [Uint8Array, ...Uint8Array[]] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [newest, ...older] = lines.filter((line) => line !== "").map(readTokenKey);
  if (!newest) throw new Error("must hold 64 hexadecimal digits");
  return [newest, ...older];
}

function readTokenKey(line: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
  return Uint8Array.from(Buffer.from(line, "hex"));
}
