import { activation } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import {
  formatRequestFile,
  generateKeyPair,
  type KeyPair,
  type OfflineRequestClaims,
  sealPublicKeyOf,
  sealUnlock,
  signOfflineRequest,
  thumbprint,
} from "@leasehold/license-format";
import { type Client, client, connect } from "@leasehold/rpc-client";
import { SEAL_PRIVATE_KEY } from "./running-activation.ts";
import { freshId } from "./unlock-requests.ts";

export type OfflineClient = Client<typeof activation.OfflineServiceDefinition> & AsyncDisposable;

/** A client of the service for machines without a connection. */
export function offlineClient(address: string): OfflineClient {
  const channel = connect(address, { services: [activation.OfflineServiceDefinition] });
  const calls = client(activation.OfflineServiceDefinition, channel);
  return { ...calls, [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose]() };
}

/** A machine that has no connection, and what it writes. */
export interface GappedMachine {
  readonly keys: KeyPair;
  /** Ada Lovelace's request file to unlock `products/studio` for Acme. */
  unlock(productKey: string, given?: Partial<UnlockGiven>): Promise<RequestFile>;
  /** A request file for an installation that it is. */
  ask(purpose: "REFRESH", installation: string, given?: Partial<Common>): Promise<RequestFile>;
  /** A proof that the installation is over. */
  giveBack(installation: string, given?: Partial<Common & Refreshes>): Promise<RequestFile>;
}

/** A request file, and what it goes by. */
export interface RequestFile {
  readonly id: Uuid;
  readonly file: string;
  /** The `actreq+jwt` in it. */
  readonly token: string;
}

type Common = Omit<OfflineRequestClaims, "purpose">;

interface Refreshes {
  readonly counter: number;
  readonly unanswered: string;
}

interface UnlockGiven extends Common {
  readonly sealKey: Uint8Array;
  /** What is sealed for another request, or another machine's. */
  readonly sealed: string;
  readonly licenseeName: string;
}

/** A machine with a key pair of its own. */
export async function gappedMachine(): Promise<GappedMachine> {
  const keys = await generateKeyPair();
  const write = async (claims: OfflineRequestClaims): Promise<RequestFile> => {
    const token = await signOfflineRequest(claims, keys.privateKey);
    return { id: claims.id as Uuid, token, file: formatRequestFile(token) };
  };
  return {
    keys,
    unlock: async (productKey, { sealKey, sealed, licenseeName, ...given } = {}) => {
      const claims = { ...common(), ...given };
      const own = { publicKeyThumbprint: thumbprint(keys.publicKey), request: claims.id };
      const secret = {
        licenseeName: licenseeName ?? "Ada Lovelace",
        licenseeOrganization: "Acme",
        productKey,
      };
      const key = sealKey ?? sealPublicKeyOf(SEAL_PRIVATE_KEY);
      const closed = sealed ?? (await sealUnlock(secret, own, key));
      return write({ ...claims, purpose: "UNLOCK", sealed: closed });
    },
    ask: (purpose, installation, given) => write({ ...common(), ...given, purpose, installation }),
    giveBack: (installation, given) =>
      write({ ...common(), counter: 0, ...given, purpose: "DEACTIVATE", installation }),
  };
}

function common(): Common {
  return {
    id: freshId(),
    deployment: "test.leasehold.local",
    product: "products/studio",
    madeAt: Date.now(),
    host: "bunker-7",
    version: "4.2.0",
  };
}
