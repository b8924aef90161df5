import {
  type Config,
  databaseFields,
  defineConfig,
  duration,
  hexBytes,
  parsedFile,
  secretFile,
  serviceFields,
  target,
  url,
} from "@leasehold/service-kit";

/** The settings of the seat-broker. */
export const configSchema = defineConfig("SEAT_BROKER", {
  ...serviceFields({ listen: "127.0.0.1:7403" }),
  ...databaseFields(),
  redisUrl: url({ doc: "The Redis that has the seats", schemes: ["redis", "rediss"] }),
  activationAddress: target({
    doc: "Where the activation service listens",
    default: "127.0.0.1:7402",
  }),
  serviceToken: secretFile({
    doc: "The bearer secret that this service presents to the activation service",
  }),
  trustRoot: hexBytes(32, { doc: "The deployment's root public key, which signs trust bundles" }),
  leaseTokenKeys: parsedFile(
    {
      doc: "What lease tokens are made with: 32 bytes as 64 hexadecimal digits; after a rotation one a line, newest first. Older ones must stay for the longest lease and the fence",
    },
    readTokenKeys,
  ),
  fence: duration({
    doc: "How long an earlier primary of Redis may go on after another one took over: 2s more than min-replicas-max-lag, or than cluster-node-timeout",
    default: "12s",
    maxMs: 600_000,
  }),
});

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
