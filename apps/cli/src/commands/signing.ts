import type { CommandGroup } from "../command-group.ts";

const KEY_COLUMNS = ["name", "purpose", "state", "createTime", "retireTime"];

export const SIGNING: CommandGroup = {
  name: "signing",
  summary: "the keys that certificates are signed with, and what is revoked",
  commands: [
    {
      verb: "keys",
      kind: "read",
      method: "SigningService.listSigningKeys",
      summary: "Lists the signing keys",
      example: "",
      show: "signingKeys",
      columns: KEY_COLUMNS,
    },
    {
      verb: "rotate",
      kind: "destroy",
      method: "SigningService.rotateSigningKey",
      summary: "Signs with a new key from now on; what the old one signed stays valid",
      example: '--purpose license --why "yearly"',
      flags: [
        { spelling: "--purpose <purpose>", path: "purpose", required: true, help: "of the key" },
      ],
      show: "signingKey",
      why: true,
    },
    {
      verb: "revoke-key",
      kind: "destroy",
      method: "SigningService.revokeSigningKey",
      summary: "Revokes a signing key: nothing that it signed is valid any more",
      example: 'signingKeys/KEY --why "leaked"',
      argument: { name: "signing-key", path: "name" },
      show: "signingKey",
      why: true,
    },
    {
      verb: "revoke-certificate",
      kind: "destroy",
      method: "SigningService.revokeCertificate",
      summary: "Revokes the certificate of an installation",
      example: 'installations/01890a5d-ac96-774b-bcce-b302099a8057 --why "machine stolen"',
      argument: { name: "installation", path: "installation" },
      why: true,
    },
    {
      verb: "revocation-list",
      kind: "read",
      method: "SigningService.getRevocationList",
      summary: "Prints the signed list of what is revoked",
      example: "",
    },
    {
      verb: "json-web-keys",
      kind: "read",
      method: "SigningService.getJsonWebKeySet",
      summary: "Prints the public keys as a JSON Web Key Set",
      example: "",
    },
    {
      verb: "trust-bundle",
      kind: "read",
      method: "IssuerService.getTrustBundle",
      summary: "Prints the trust bundle, which the root key signed",
      example: "",
    },
  ],
};
