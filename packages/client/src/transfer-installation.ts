import { hostname } from "node:os";
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { activation } from "@leasehold/contracts";
import {
  type Clock,
  type ErrorReason,
  isProblem,
  newUuid,
  systemClock,
  systemRandom,
} from "@leasehold/kernel";
import { publicKeyOf } from "@leasehold/license-format";
import { unprovenLicenseFile } from "./client-problems.ts";
import { createFile, readIfThere } from "./durable-file.ts";
import { type MachineDescription, tellMachine, type ToldMachine } from "./describe-machine.ts";
import type { Installation } from "./installation.ts";
import {
  ensurePrivateKey,
  readInstallationDirectory,
  storeLicenseFile,
} from "./installation-directory.ts";
import type { ServerSecurity } from "./server-security.ts";
import { verifyInstallation } from "./verify-installation.ts";

/** What it takes to move an installation to this machine. */
export interface TransferOptions extends ServerSecurity {
  /** The activation service, `host:port`. */
  readonly activation: string;
  /** Bearer secret of an administrator, of the vendor's or the customer's. */
  readonly token: string;
  /** The installation to move here: `installations/{installation}`. */
  readonly name: string;
  /** Where it is kept from now on; one that holds no installation. */
  readonly directory: string;
  /** As `UnlockOptions.trustRoot`. */
  readonly trustRoot?: Uint8Array;
  /** What the machine is called; its host name if absent. */
  readonly host?: string;
  /** As `UnlockOptions.machine`. */
  readonly machine?: MachineDescription | "none";
  /** Why, for the history. */
  readonly why?: string;
  /** Whether it is moved although it may not be moved again; the vendor's alone. */
  readonly beyondLimit?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** What moving brought. */
export interface TransferredHere {
  readonly installation: Installation;
  /** How often installations of the license may still be moved. */
  readonly transfersLeft: number;
}

/** Whether it was carried out is not known after these: the next call asks the same. */
const UNDECIDED: readonly ErrorReason[] = [
  "DEPENDENCY_UNAVAILABLE",
  "SERVER_UNTRUSTED",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "OVERLOADED",
  "DRAINING",
  "REQUEST_IN_FLIGHT",
  "INTERNAL",
];

const REQUEST = "transfer-request";

/**
 * Moves an installation to this machine: the other machine's is over. What is asked is on disk before
 * it is sent, so that a call whose answer was lost can be repeated.
 * @throws Problem NOT_FOUND, PERMISSION_DENIED, TRANSFER_LIMIT, INSTALLATION_DISABLED, INSTALLATION_ENDED,
 *   ALREADY_EXISTS, LICENSE_*; UNAUTHENTICATED if the answer does not verify; or one of the transport's
 */
export async function transferInstallation(options: TransferOptions): Promise<TransferredHere> {
  const { directory, clock = systemClock } = options;
  const privateKey = await ensurePrivateKey(directory);
  const trustRoot = options.trustRoot ?? (await readInstallationDirectory(directory)).trustRoot;
  const path = join(directory, REQUEST);
  const machine = await tellMachine(directory, options.machine);
  const request = await pending(path, requestOf(options, publicKeyOf(privateKey), machine));
  const answer = await call(options, request).catch(async (failure: unknown) => {
    if (isProblem(failure) && !UNDECIDED.includes(failure.reason)) await rm(path, { force: true });
    throw failure;
  });
  const { licenseFile, transfersLeft } = answer;
  const evidence = { licenseFile, directory, privateKey, trustRoot, product: undefined };
  const verified = await verifyInstallation({ ...evidence, now: clock.now() });
  if (verified.kind === "refused") throw unprovenLicenseFile(verified.fault);
  await storeLicenseFile(directory, licenseFile, verified.trustRoot);
  await rm(path, { force: true });
  return { installation: verified.installation, transfersLeft };
}

function requestOf(
  options: TransferOptions,
  publicKey: Uint8Array,
  { fingerprint }: ToldMachine,
): Uint8Array {
  const { name, host, why, beyondLimit, clock = systemClock } = options;
  return activation.TransferInstallationRequest.encode(
    activation.TransferInstallationRequest.fromPartial({
      requestId: newUuid(clock, systemRandom),
      name,
      publicKey: Buffer.from(publicKey),
      host: host ?? hostname(),
      fingerprint,
      why: why ?? "",
      beyondLimit: beyondLimit ?? false,
    }),
  ).finish();
}

/** The request that was sent before and not answered, if it is about the same installation; else this one. */
async function pending(
  path: string,
  request: Uint8Array,
): Promise<activation.TransferInstallationRequest> {
  const { name } = decode(request);
  await createFile(path, `${Buffer.from(request).toString("base64")}\n`, 0o600);
  const kept = decode(Buffer.from((await readIfThere(path))?.trim() ?? "", "base64"));
  if (kept.name === name) return kept;
  await rm(path, { force: true });
  return pending(path, request);
}

function decode(request: Uint8Array): activation.TransferInstallationRequest {
  return activation.TransferInstallationRequest.decode(request);
}

async function call(
  options: TransferOptions,
  request: activation.TransferInstallationRequest,
): Promise<activation.TransferInstallationResponse> {
  const { activation: address, token, signal } = options;
  const { reachService } = await import("./reach-service.ts");
  await using reached = reachService(activation.InstallationServiceDefinition, address, {
    security: options,
    metadata: () => ({ authorization: `Bearer ${token}` }),
  });
  return await reached.client.transferInstallation(request, signal ? { signal } : {});
}
