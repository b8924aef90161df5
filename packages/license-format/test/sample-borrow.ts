import { type BorrowClaims, type InstallationClaims } from "../src/index.ts";
import { NOW } from "./sample-deployment.ts";

/** A seat that an installation borrowed for three days. */
export function sampleBorrow(installation: InstallationClaims): BorrowClaims {
  const { deployment, product, license, publicKeyThumbprint } = installation;
  return {
    deployment,
    product,
    installation: installation.installation,
    publicKeyThumbprint,
    license,
    lease: Buffer.alloc(32, 7).toString("base64url"),
    fencingToken: 2n ** 64n - 1n,
    seats: 2,
    features: ["dataflow"],
    holder: { user: "ada", host: "mill ☃", process: "" },
    issuedAt: NOW,
    endTime: NOW + 3 * 86_400_000,
    id: "0190a000-0000-7000-8000-00000000000c",
  };
}
