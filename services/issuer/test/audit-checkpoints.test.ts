import { generateKeyPair, signAuditCheckpoint, signingKey } from "@leasehold/license-format";
import { verifyAuditCheckpoint, verifyTrustBundle } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { auditedIssuer, exported, verdict, writeEntries } from "./audited-issuer.ts";
import { DEPLOYMENT, ROOT_PUBLIC_KEY } from "./issuer-under-test.ts";
import { refusedFields } from "./refusal.ts";

test("a checkpoint is what the chain has come to, signed with a key that the trust bundle names", async () => {
  await using issuing = await auditedIssuer();
  const { audit, postgres } = issuing;
  const empty = (await audit.createAuditCheckpoint({})).checkpoint!;
  expect(empty).toMatchObject({ sequence: 0n, hash: Buffer.alloc(32) });
  await writeEntries(postgres, 3);
  const last = (await exported(audit)).at(-1)!;
  const checkpoint = (await audit.createAuditCheckpoint({})).checkpoint!;
  expect(checkpoint).toMatchObject({ sequence: 3n, hash: last.hash });

  const { trustBundle } = await issuing.under.admin.getTrustBundle({});
  const trust = await verifyTrustBundle(trustBundle, ROOT_PUBLIC_KEY);
  if (trust.kind === "refused") throw new Error(trust.fault);
  expect(await verifyAuditCheckpoint(checkpoint.token, trust.claims)).toEqual({
    kind: "verified",
    claims: {
      deployment: DEPLOYMENT,
      sequence: 3,
      hash: new Uint8Array(last.hash),
      issuedAt: checkpoint.time!.getTime(),
    },
  });
});

test("a chain that goes on from its checkpoints is as it was made", async () => {
  await using issuing = await auditedIssuer();
  const { audit, postgres } = issuing;
  const checkpoints: string[] = [];
  for (const count of [0, 1, 499, 1]) {
    await writeEntries(postgres, count);
    checkpoints.push((await audit.createAuditCheckpoint({})).checkpoint!.token);
  }
  for (const checkpoint of checkpoints) {
    expect(await verdict(audit, checkpoint)).toEqual({
      entries: 501n,
      firstFault: 0n,
      fault: "",
    });
  }
});

test("a checkpoint tells what the database alone cannot: that the whole chain was made anew", async () => {
  await using issuing = await auditedIssuer();
  const { audit, postgres } = issuing;
  await writeEntries(postgres, 5);
  const { token } = (await audit.createAuditCheckpoint({})).checkpoint!;
  const tamper = (text: string) =>
    postgres.query({ text: `set session_replication_role = replica; ${text}; reset all` });

  await tamper(`delete from audit_entry where sequence > 3;
    update audit_head set sequence = 3, hash = (select hash from audit_entry where sequence = 3)`);
  expect(await verdict(audit)).toMatchObject({ firstFault: 0n });
  expect(await verdict(audit, token)).toEqual({
    entries: 3n,
    firstFault: 4n,
    fault: "is missing: the checkpoint covers 5 entries",
  });
  await writeEntries(postgres, 2);
  expect(await verdict(audit)).toMatchObject({ firstFault: 0n });
  expect(await verdict(audit, token)).toMatchObject({ firstFault: 5n });
});

test("what is no checkpoint of this deployment is refused", async () => {
  await using issuing = await auditedIssuer();
  const { audit } = issuing;
  const key = signingKey("audit", (await generateKeyPair()).privateKey);
  const claims = { deployment: DEPLOYMENT, sequence: 0, hash: new Uint8Array(32), issuedAt: 0 };
  const foreign = await signAuditCheckpoint(key, claims);
  const { trustBundle } = await issuing.under.admin.getTrustBundle({});
  for (const checkpoint of ["x", foreign, trustBundle]) {
    expect(await refusedFields(verdict(audit, checkpoint))).toEqual(["checkpoint"]);
  }
});
