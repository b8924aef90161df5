import { installationName } from "../domain/installation.ts";
import type { Challenges } from "./challenges.ts";
import type { Replies } from "./ports.ts";
import { readTypedKey, unlockMachine, type UnlockMachinePorts } from "./unlock-machine.ts";
import type { Peer, UnlockCommand, Unlocked } from "./unlock-command.ts";

/** What unlocking needs. */
export interface UnlockPorts extends UnlockMachinePorts {
  readonly replies: Replies;
  readonly challenges: Pick<Challenges, "prove">;
  /** The reply in bytes, as it is kept for a repetition of the request. */
  readonly encode: (unlocked: Unlocked) => Uint8Array;
}

/**
 * Unlocks an installation. Repeated with the same request it gives the first reply, however
 * far the first call came; with the same public key it gives the same installation.
 * @returns the reply in bytes
 * @throws Problem KEY_CHECK, KEY_GENERATION_RETIRED before the key is looked up; RATE_LIMITED;
 *   CHALLENGE_REFUSED, UNAUTHENTICATED, CLOCK_SKEW over challenge and proof; UNLOCK_REFUSED; to who has
 *   proven to know the key, the condition that is not met
 */
export async function unlock(
  ports: UnlockPorts,
  command: UnlockCommand,
  peer: Peer,
  signal: AbortSignal,
): Promise<Uint8Array> {
  // Before any look-up: a key that cannot be one tells nothing about those there are.
  const productKey = await readTypedKey(ports, command, peer, signal);
  const earlier = await ports.replies.find(command.request);
  if (earlier !== undefined) return earlier;
  const known = { ...command, productKey };
  const unlocked = await carryOut(ports, known, peer, signal);
  const reply = await ports.replies.keep(command.request, ports.encode(unlocked));
  ports.report({ kind: "unlocked", installation: unlocked.installation });
  return reply;
}

async function carryOut(
  ports: UnlockPorts,
  command: UnlockCommand,
  peer: Peer,
  signal: AbortSignal,
): Promise<Unlocked> {
  const { productKey, request } = command;
  await ports.limits.admit({ network: peer.network, productKey });
  const challenge = await ports.challenges.prove({
    ...command,
    method: request.method,
    // It has no name yet.
    installation: installationName(request.requestId),
  });
  const spends = { kind: "challenge", challenge, request } as const;
  return unlockMachine(ports, command, { peer, spends }, signal);
}
