import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describeMachine, type DescribedMachine } from "@leasehold/client";
import type { Json } from "../json.ts";
import type { CarryOut } from "../local-command.ts";

/** Shows what is told of this machine. The values that digests are made of stay here. */
export const showFingerprint: CarryOut = async ({ given }) => {
  const { directory } = given;
  const described =
    typeof directory === "string" ? await describeMachine(directory) : await describeOnce();
  return shown(described);
};

/** With a salt of no installation: the digests are of the right shape, and nobody else's. */
async function describeOnce(): Promise<DescribedMachine> {
  const folder = await mkdtemp(join(tmpdir(), "leasehold-"));
  try {
    return await describeMachine(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function shown({ fingerprint, evidence, components }: DescribedMachine): Json {
  const { found, missing } = components;
  const digestOf = (name: string) =>
    Buffer.from(fingerprint?.components.get(name) ?? []).toString("base64");
  return {
    sent: {
      host: hostname(),
      fingerprint: fingerprint
        ? {
            salt: Buffer.from(fingerprint.salt).toString("base64"),
            components: Object.fromEntries(found.map(({ name }) => [name, digestOf(name)])),
          }
        : null,
      evidence: { ...evidence },
    },
    found: Object.fromEntries(found.map(({ name, value }) => [name, value])),
    missing: Object.fromEntries(missing.map(({ name, why }) => [name, why])),
  };
}
