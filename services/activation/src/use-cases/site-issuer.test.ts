import { systemRandom } from "@leasehold/kernel";
import {
  generateKeyPair,
  signingKey,
  signTrustBundle,
  thumbprint,
  verifyInstallation,
  verifyLicense,
  verifyTrustBundle,
} from "@leasehold/license-format";
import { beforeEach, expect, test } from "vitest";
import type { SiteLicense } from "../domain/site-license.ts";
import { siteIssuer, type SiteIssuerPorts } from "./site-issuer.ts";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const KEY = "the key";
const LICENSE: SiteLicense = {
  license: "customers/acme/licenses/0199d3a5-7a00-7000-8000-000000000001",
  product: "products/studio",
  licensee: { name: "Ada Lovelace", organization: "Acme GmbH" },
  state: "ACTIVE",
  terms: {
    model: "FLOATING",
    seats: 10,
    features: [
      { feature: "dataflow", seats: 5 },
      { feature: "diagrams", limit: 200n },
    ],
    startTime: NOW - DAY_MS,
    endTime: NOW + 100 * DAY_MS,
    leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
    seatPolicy: new Uint8Array(),
    passedTerms: new Uint8Array(),
  },
  offlineDays: 3,
  certified: { trial: true },
};
const ASKED = {
  supportReference: "ABCD",
  productKey: KEY,
  licensee: LICENSE.licensee,
  product: LICENSE.product,
};
const signal = new AbortController().signal;

let license: SiteLicense | undefined;
let ports: SiteIssuerPorts;

beforeEach(async () => {
  const pairs = await Promise.all([generateKeyPair(), generateKeyPair(), generateKeyPair()]);
  const [root, licenseKey, installKey] = (["trust", "license", "install"] as const).map(
    (purpose, i) => signingKey(purpose, pairs[i]!.privateKey),
  );
  const deployment = "site.test";
  const keys = [root!, licenseKey!, installKey!];
  const trustBundle = await signTrustBundle(root!, { deployment, version: 1, keys, issuedAt: NOW });
  license = LICENSE;
  const terms = { ...LICENSE.terms, seats: 4, features: [{ feature: "dataflow", seats: 1 }] };
  ports = {
    keyRing: {
      deployment,
      rootPublicKey: root!.publicKey,
      licenseKey: licenseKey!,
      installKey: installKey!,
      trustBundle,
    },
    publication: {
      facts: {
        license: LICENSE.license,
        revision: 7n,
        state: "ACTIVE",
        product: LICENSE.product,
        terms: { ...terms, endTime: NOW + 1_000 },
      },
      watch: () => ({}) as never,
    },
    license: () => license,
    isSiteKey: (key) => Promise.resolve(key === KEY),
    clock: { now: () => NOW },
    random: systemRandom,
  };
});

test("the site's own key unlocks the site's seats, until the license's end", async () => {
  const { facts } = await siteIssuer(ports).verifyProductKey(
    { ...ASKED, licensee: { name: "ADA lovelace", organization: "acme gmbh" } },
    signal,
  );
  expect(facts).toMatchObject({ license: LICENSE.license, revision: 7n });
  expect(facts.terms).toMatchObject({ seats: 4, endTime: LICENSE.terms.endTime });
});

test.each([
  ["another key", { productKey: "other" }],
  ["another name", { licensee: { name: "Eve", organization: "Acme GmbH" } }],
  ["another organization", { licensee: { name: "Ada Lovelace", organization: "Other" } }],
  ["another product", { product: "products/other" }],
])("%s is refused, and which it was is not told", async (_, wrong) => {
  const asking = siteIssuer(ports).verifyProductKey({ ...ASKED, ...wrong }, signal);
  await expect(asking).rejects.toMatchObject({
    reason: "UNLOCK_REFUSED",
    message: "this does not unlock a license",
    metadata: {},
  });
});

test.each([
  ["unknown so far", undefined, "DEPENDENCY_UNAVAILABLE"],
  ["revoked", { state: "REVOKED" }, "UNLOCK_REFUSED"],
  ["suspended", { state: "SUSPENDED" }, "LICENSE_SUSPENDED"],
  ["over", { terms: { ...LICENSE.terms, endTime: NOW } }, "LICENSE_EXPIRED"],
  ["not begun", { terms: { ...LICENSE.terms, startTime: NOW + 1 } }, "LICENSE_NOT_STARTED"],
  ["not to be taken offline", { offlineDays: 0 }, "SITE_REFUSED"],
  ["of machines", { terms: { ...LICENSE.terms, model: "NAMED_MACHINE" } }, "SITE_REFUSED"],
] as const)("a license that is %s does not unlock", async (_, changed, reason) => {
  license = changed && { ...LICENSE, ...changed };
  await expect(siteIssuer(ports).verifyProductKey(ASKED, signal)).rejects.toMatchObject({ reason });
});

test("certificates are of the site's deployment, signed with its keys, and tell the site's seats", async () => {
  const { publicKey } = await generateKeyPair();
  const installation = "installations/0199d3a5-7a00-7000-8000-000000000002";
  const asked = { license: LICENSE.license, installation, publicKey, fingerprint: undefined };
  const issued = await siteIssuer(ports).issueCertificates(asked, signal);
  const trust = await verifyTrustBundle(issued.trust, ports.keyRing.rootPublicKey);
  if (trust.kind === "refused") throw new Error(trust.fault);
  const expected = { now: NOW, product: LICENSE.product };
  expect(await verifyLicense(issued.license, trust.claims, expected)).toMatchObject({
    claims: {
      deployment: "site.test",
      revision: 7,
      refreshBy: NOW + 30 * DAY_MS,
      terms: {
        seats: 4,
        features: [{ feature: "dataflow", seats: 1 }],
        endTime: LICENSE.terms.endTime,
        offlineDays: 3,
        trial: true,
      },
    },
  });
  expect(await verifyInstallation(issued.install, trust.claims, expected)).toMatchObject({
    claims: { installation, publicKeyThumbprint: thumbprint(publicKey) },
  });
});

test("a license that the site was not unlocked with is certified to nobody", async () => {
  const { publicKey } = await generateKeyPair();
  const license = "customers/acme/licenses/0199d3a5-7a00-7000-8000-000000000009";
  const asked = { license, installation: "installations/x", publicKey, fingerprint: undefined };
  const issuing = siteIssuer(ports).issueCertificates(asked, signal);
  await expect(issuing).rejects.toMatchObject({ reason: "UNLOCK_REFUSED" });
});
