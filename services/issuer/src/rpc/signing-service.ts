import { issuer } from "@leasehold/contracts";
import { jsonWebKeySet } from "@leasehold/license-format";
import { implement } from "@leasehold/service-kit";
import type { ServiceBinding } from "@leasehold/service-kit";
import { revokeSigningKey, rotateSigningKey } from "../use-cases/change-signing-keys.ts";
import type { SigningPorts } from "../use-cases/change-signing-keys.ts";
import { revocationList, revokeCertificate } from "../use-cases/revocations.ts";
import { mutating } from "./mutating.ts";
import * as parse from "./parse-signing.ts";
import { presentSigningKey } from "./present-signing.ts";

const { methods } = issuer.SigningServiceDefinition;

/** The signing keys' service: from the wire to the use-cases and back. */
export function signingService(ports: SigningPorts): ServiceBinding {
  return implement(issuer.SigningServiceDefinition, {
    listSigningKeys: async () => ({
      signingKeys: (await ports.store.listSigningKeys()).map(presentSigningKey),
    }),
    rotateSigningKey: mutating(
      methods.rotateSigningKey,
      parse.readRotateSigningKey,
      async (mutation, purpose) => ({
        signingKey: presentSigningKey(await rotateSigningKey(ports, mutation, purpose)),
      }),
    ),
    revokeSigningKey: mutating(
      methods.revokeSigningKey,
      parse.readRevokeSigningKey,
      async (mutation, kid) => ({
        signingKey: presentSigningKey(await revokeSigningKey(ports, mutation, kid)),
      }),
    ),
    revokeCertificate: mutating(
      methods.revokeCertificate,
      parse.readRevokeCertificate,
      async (mutation, installation) => {
        await revokeCertificate(ports, mutation, installation);
        return { revocationList: await revocationList(ports) };
      },
    ),
    getRevocationList: async () => ({ revocationList: await revocationList(ports) }),
    getJsonWebKeySet: () =>
      Promise.resolve({ jsonWebKeySet: jsonWebKeySet(ports.currentKeyRing().trustedKeys) }),
  });
}
