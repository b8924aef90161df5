import { hostname } from "node:os";
import type { ChannelCredentials } from "@grpc/grpc-js";
import { activation } from "@leasehold/contracts";
import { type Clock, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { parseProductKey, publicKeyOf } from "@leasehold/license-format";
import { client, connect } from "@leasehold/rpc-client";
import { mistypedKey, retiredKey, unprovenLicenseFile } from "./client-problems.ts";
import type { Installation } from "./installation.ts";
import {
  ensurePrivateKey,
  readInstallationDirectory,
  storeLicenseFile,
} from "./installation-directory.ts";
import { refreshDirectory } from "./refresh-directory.ts";
import { verifyInstallation } from "./verify-installation.ts";

/** What it takes to unlock a license on this machine. */
export interface UnlockOptions {
  /** The activation service, `host:port`. */
  readonly activation: string;
  /** Transport security; plaintext if absent. */
  readonly credentials?: ChannelCredentials;
  /** `products/{product}`. */
  readonly product: string;
  /** The person's name, as the license is made out. */
  readonly licenseeName: string;
  /** The organization, as the license is made out. */
  readonly licenseeOrganization: string;
  /** As typed. */
  readonly productKey: string;
  /** Where the installation is kept; made if it is not there. Nobody else should read it. */
  readonly directory: string;
  /**
   * The deployment's root public key, 32 bytes, known beforehand. If absent, the one that
   * was kept when the directory was unlocked before; the first time, the one that the
   * answer brings is trusted and kept.
   */
  readonly trustRoot?: Uint8Array;
  /** What the machine is called; its host name if absent. */
  readonly host?: string;
  /** Gives up. What was asked for may be carried out all the same, and can be repeated. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Unlocks the license of a product key on this machine. A mistyped key, or one of an
 * earlier generation, is told before anything is sent. Repeated, it is the same installation.
 * @throws Problem KEY_CHECK, KEY_GENERATION_RETIRED (metadata `advice`), UNLOCK_REFUSED,
 *   LICENSE_* or RATE_LIMITED; UNAUTHENTICATED if the answer does not verify; or one of
 *   the transport's
 */
export async function unlock(options: UnlockOptions): Promise<Installation> {
  const typed = parseProductKey(options.productKey);
  if (typed.kind === "mistyped") throw mistypedKey(typed.message);
  if (typed.kind === "retired") throw retiredKey(typed.advice);
  const { clock = systemClock, directory, product } = options;
  const privateKey = await ensurePrivateKey(directory);
  const trustRoot = options.trustRoot ?? (await readInstallationDirectory(directory)).trustRoot;
  const { licenseFile, installation } = await call(
    options,
    typed.key.text,
    publicKeyOf(privateKey),
  );
  const verified = await verifyInstallation({
    licenseFile,
    directory,
    privateKey,
    trustRoot,
    product,
    now: clock.now(),
  });
  if (verified.kind === "refused") throw unprovenLicenseFile(verified.fault);
  await storeLicenseFile(directory, licenseFile, verified.trustRoot);
  const refreshes = refreshDirectory(directory, verified.installation.name);
  await refreshes.reached(installation?.refreshCounter ?? 0n);
  return verified.installation;
}

async function call(
  options: UnlockOptions,
  productKey: string,
  publicKey: Uint8Array,
): Promise<activation.UnlockResponse> {
  const { clock = systemClock, credentials, signal } = options;
  await using channel = connect(options.activation, credentials ? { credentials } : {});
  const service = client(activation.ActivationServiceDefinition, channel);
  return await service.unlock(
    {
      requestId: newUuid(clock, systemRandom),
      licenseeName: options.licenseeName,
      licenseeOrganization: options.licenseeOrganization,
      productKey,
      product: options.product,
      publicKey: Buffer.from(publicKey),
      fingerprint: undefined,
      host: options.host ?? hostname(),
    },
    signal ? { signal } : {},
  );
}
