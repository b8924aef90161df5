import { field, optional, parsedFile, rate, secretFile } from "@leasehold/service-kit";
import { holdsPassword, redisTarget } from "@leasehold/store-kit";
import type { ChallengeKeys } from "./domain/challenge.ts";

/** The settings of unlocking, be it at a vendor's or at a site. */
export function unlockFields() {
  return {
    redisUrl: field(
      "redis://…, redis+sentinel://… or redis+cluster://…",
      { doc: "The Redis that counts tries to unlock; may be the one that has the seats" },
      readRedisUrl,
    ),
    redisPassword: optional(secretFile({ doc: "The password at Redis" })),
    redisSentinelPassword: optional(secretFile({ doc: "The password at the sentinels" })),
    challengeKeys: parsedFile(
      {
        doc: "What challenges are made with, and product keys counted under: 32 bytes as 64 hexadecimal digits, the same at all replicas; after a rotation one a line, newest first. Older ones must stay for five minutes",
      },
      readKeys,
    ),
    unlockTriesPerNetwork: rate({
      doc: "Tries to unlock from one network (an IPv4 address, 64 bits of IPv6), whatever comes of them: so many at once, and as many again in each period",
      default: "600/1m",
    }),
    unlockFailuresPerNetwork: rate({
      doc: "Tries from one network in which key, name, organization and product did not go together",
      default: "60/10m",
    }),
    unlockFailuresPerKey: rate({
      doc: "Tries with one product key in which name, organization and product did not go together with it",
      default: "20/10m",
    }),
  } as const;
}

/** Never tells the URL, which may hold a password. */
function readRedisUrl(text: string): { readonly value: string } | { readonly fault: string } {
  try {
    return holdsPassword(redisTarget(text))
      ? { fault: "holds a password: give it in a file" }
      : { value: text };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "must be a URL of Redis" };
  }
}

/** The keys of a file, 32 bytes each, newest first. */
export function readKeys(text: string): ChallengeKeys {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [newest, ...older] = lines.filter((line) => line !== "").map(readKey);
  if (!newest) throw new Error("must hold 64 hexadecimal digits");
  return [newest, ...older];
}

function readKey(line: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
  return Uint8Array.from(Buffer.from(line, "hex"));
}
