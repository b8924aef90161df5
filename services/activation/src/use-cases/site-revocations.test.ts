import { generateKeyPair, signingKey, verifyRevocationList } from "@leasehold/license-format";
import { expect, test } from "vitest";
import type { SiteLicense } from "../domain/site-license.ts";
import { siteRevocations } from "./site-revocations.ts";

const NOW = 1_800_000_000_000;
const LICENSE_ID = "0199d3a5-7a00-7000-8000-000000000001";
const ENDED = [{ id: "0199d3a5-7a00-7000-8000-000000000002", revokedAt: NOW - 60_000 }];

async function listOf(state: SiteLicense["state"] | undefined, now = NOW) {
  const { privateKey } = await generateKeyPair();
  const licenseKey = signingKey("license", privateKey);
  const list = await siteRevocations({
    keyRing: { deployment: "site.example", licenseKey },
    license: () =>
      state && ({ license: `customers/acme/licenses/${LICENSE_ID}`, state } as SiteLicense),
    ended: () => Promise.resolve(ENDED),
    siteNow: () => now,
  }).revocationList(new AbortController().signal);
  const verified = await verifyRevocationList(list, {
    deployment: "site.example",
    keys: [licenseKey],
  });
  return verified.kind === "verified" ? verified.claims : verified.fault;
}

test("the list names what is over, and the license if the vendor has revoked it", async () => {
  expect(await listOf("ACTIVE")).toMatchObject({ licenses: [], installations: ENDED });
  expect(await listOf(undefined)).toMatchObject({ licenses: [], installations: ENDED });
  expect(await listOf("REVOKED")).toMatchObject({ licenses: [LICENSE_ID], installations: ENDED });
});

test("a later list has a greater version", async () => {
  expect(await listOf("ACTIVE")).toMatchObject({ version: NOW / 1_000 });
  expect(await listOf("ACTIVE", NOW + 1_000)).toMatchObject({ version: NOW / 1_000 + 1 });
});
