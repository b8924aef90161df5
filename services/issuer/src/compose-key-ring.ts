import { signingKey } from "@leasehold/license-format";
import { blaming, type Kit, type SettingFault } from "@leasehold/service-kit";
import { channelWatches } from "@leasehold/store-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { IssuerConfig } from "./config.ts";
import { ForeignSecret } from "./domain/foreign-secret.ts";
import { pepper } from "./domain/product-key.ts";
import { postgresKeyRingStore } from "./store/postgres-signing.ts";
import { followKeyRing, keepKeyRing } from "./use-cases/keep-key-ring.ts";
import type { KeyRingKeeper } from "./use-cases/keep-key-ring.ts";
import { rootSuccessions } from "./use-cases/root-successions.ts";
import type { KeyAuthority } from "./use-cases/signing-ports.ts";

/** What `sql/insert_trust_bundle.sql` notifies. */
const CHANNEL = "key_ring";
/** A change that nobody was notified of is found this late. */
const POLL_MS = 5_000;

/** The key ring with what changes it; it is followed until it is disposed of. */
interface ComposedKeyRing extends AsyncDisposable {
  readonly ports: KeyAuthority & KeyRingKeeper;
}

/** What of the key ring's settings can be seen to be wrong without a database. */
export async function checkKeyRing(config: IssuerConfig): Promise<readonly SettingFault[]> {
  try {
    const root = signingKey("trust", config.trustRootKey);
    await rootSuccessions(config.rootSuccessions ?? [], config.deployment, root);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ForeignSecret)) throw thrown;
    return [{ setting: thrown.setting, fault: `is not usable: ${thrown.message}` }];
  }
}

/**
 * Opens the key ring, and follows what other issuers do to it.
 * @throws Error that tells which secret does not belong to this database
 */
export async function composeKeyRing(
  config: IssuerConfig,
  kit: Pick<Kit, "log" | "clock" | "random">,
  postgres: Postgres,
): Promise<ComposedKeyRing> {
  try {
    return await openKeyRing(config, kit, postgres);
  } catch (thrown) {
    if (!(thrown instanceof ForeignSecret)) throw thrown;
    return blaming([thrown.setting], () => Promise.reject(thrown));
  }
}

async function openKeyRing(
  config: IssuerConfig,
  { clock, random, log }: Pick<Kit, "log" | "clock" | "random">,
  postgres: Postgres,
): Promise<ComposedKeyRing> {
  const { deployment, keyEncryptionKey: keyEncryptionKeys } = config;
  const root = signingKey("trust", config.trustRootKey);
  const successions = await rootSuccessions(config.rootSuccessions ?? [], deployment, root);
  const authority = { clock, random, deployment, keyEncryptionKeys, root, successions };
  const keeper = await keepKeyRing({
    ...authority,
    keyRingStore: postgresKeyRingStore(postgres),
    peppers: config.pepper.map(pepper),
    leasePublicKeys: config.leasePublicKeys ?? [],
  });
  const watches = channelWatches(postgres, CHANNEL, POLL_MS);
  const news = watches.watch();
  const stopping = new AbortController();
  const onFailure = (err: unknown) => log.warn({ err }, "the signing keys were not refreshed");
  const following = followKeyRing(keeper, news, onFailure, stopping.signal);
  return {
    ports: { ...authority, ...keeper },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await following;
      news[Symbol.dispose]();
      await watches[Symbol.asyncDispose]();
    },
  };
}
