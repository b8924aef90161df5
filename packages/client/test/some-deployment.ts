import { signingKey } from "@leasehold/license-format";

/** The license that the fake broker serves. */
export const LICENSE = "customers/acme/licenses/0190f5fe-7c00-7a00-8000-000000000001";

/** What its seat-brokers sign borrowed seats with. */
export const LEASE_KEY = signingKey("lease", new Uint8Array(32).fill(5));

/** The installation that borrows, as a borrowed seat names it. */
export const BORROWER = {
  deployment: "dev.leasehold.local",
  product: "products/studio",
  installation: "installations/0190f5fe-7c00-7a00-8000-000000000002",
  license: LICENSE,
  publicKeyThumbprint: Buffer.alloc(32, 9).toString("base64url"),
} as const;
