import {
  signOfflineRequest,
  signProof,
  thumbprint,
  verifyOfflineRequest,
  verifyProof,
} from "@leasehold/license-format";
import {
  believed,
  DEPLOYMENT,
  ID,
  INSTALLATION,
  NOW,
  OLD,
  PRODUCT,
  type Subject,
  type SubjectSite,
} from "./subject.ts";

const AUDIENCE = `${DEPLOYMENT}/leasehold.seatbroker.v1.SeatBrokerService`;

/** What installations sign themselves. */
export async function ownedSubjects({ keys, own }: SubjectSite): Promise<readonly Subject[]> {
  const thumb = thumbprint(keys.own.publicKey);
  const stranger = thumbprint(keys.license.publicKey);
  const proof = await signProof({
    installation: INSTALLATION,
    audience: AUDIENCE,
    issuedAt: NOW,
    expiresAt: NOW + 300_000,
    id: ID,
    privateKey: own,
  });
  const request = await signOfflineRequest(
    {
      id: ID,
      deployment: DEPLOYMENT,
      product: PRODUCT,
      madeAt: NOW,
      host: "difference",
      version: "3.1",
      purpose: "UNLOCK",
      sealed: "c2VhbGVk",
    },
    own,
  );
  const asked = { deployment: DEPLOYMENT, now: NOW };
  return [
    {
      typ: "install-proof+jwt",
      key: keys.own,
      token: proof,
      unfit: {
        expired: OLD,
        notYetValid: { iat: NOW / 1_000 + 86_400, exp: NOW / 1_000 + 86_500 },
        tooLongLived: { iat: NOW / 1_000, exp: NOW / 1_000 + 301 },
        otherAudience: { aud: `${DEPLOYMENT}/leasehold.activation.v1.ActivationService` },
        otherKeyInside: { pub: Buffer.from(keys.license.publicKey).toString("base64url") },
      },
      accepts: async (token) => believed(await verifyProof(token, thumb, AUDIENCE, NOW)),
      acceptsWithoutKey: async (token) =>
        believed(await verifyProof(token, stranger, AUDIENCE, NOW)),
    },
    {
      typ: "actreq+jwt",
      key: keys.own,
      token: request,
      unfit: {
        expired: { iat: NOW / 1_000 - 31 * 86_400 },
        notYetValid: { iat: NOW / 1_000 + 2 * 86_400 },
        otherDeployment: { aud: "other.example.com" },
        otherKeyInside: { pub: Buffer.from(keys.license.publicKey).toString("base64url") },
      },
      accepts: async (token) => believed(await verifyOfflineRequest(token, asked)),
      // It brings its key along: whose that is, is looked up afterwards.
      acceptsWithoutKey: () => Promise.resolve(false),
    },
  ];
}
