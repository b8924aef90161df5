import type { ClientHttp2Session } from "node:http2";
import { activation, ErrorInfo } from "@leasehold/contracts";
import { sessionTo } from "../dial.ts";
import type { Stage } from "../stage.ts";
import { answering, type Claim } from "../unlocking.ts";
import { type Answer, call } from "../wire.ts";

const { createChallenge, unlock } = activation.ActivationServiceDefinition.methods;
const PATH = `/${activation.ActivationServiceDefinition.fullName}/`;

/** Somebody at one address who tries to unlock. */
export interface Guesser extends Disposable {
  try(claim: Claim): Promise<{ readonly answer: Answer; readonly ms: number }>;
}

/** @param address in 127.0.0.0/8 */
export async function guesserAt(
  { listeners }: Pick<Stage, "listeners">,
  address: string,
): Promise<Guesser> {
  const session: ClientHttp2Session = await sessionTo(listeners.activation, address);
  return {
    try: async (claim) => {
      const given = await call(session, {
        path: PATH + createChallenge.name,
        message: new Uint8Array(),
      });
      if (given.body === undefined) return { answer: given, ms: 0 };
      const request = await answering(createChallenge.responseType.decode(given.body), claim);
      const message = unlock.requestType.encode(request).finish();
      const begun = performance.now();
      const answer = await call(session, { path: PATH + unlock.name, message });
      return { answer, ms: performance.now() - begun };
    },
    [Symbol.dispose]: () => session.destroy(),
  };
}

/** Everything that an answer tells, but for the reference that support looks a case up by. */
export function toldOf({ code, message, reason, details, body }: Answer): string {
  const facts = details?.details.map(({ typeUrl, value }) => {
    if (!typeUrl.endsWith("google.rpc.ErrorInfo")) return [typeUrl, value.toString("hex")];
    const { reason: why, domain, metadata } = ErrorInfo.decode(value);
    const names = Object.keys(metadata).toSorted();
    return [why, domain, names.map((name) => [name, plain(name, metadata[name] ?? "")])];
  });
  const text = details?.message ?? "";
  return JSON.stringify([code, hidden(message), reason, hidden(text), facts, body?.length]);
}

const REFERENCE = "support_reference";

function plain(name: string, value: string): string {
  // Its length could tell, too.
  return name === REFERENCE ? `${value.length} characters` : value;
}

function hidden(text: string): string {
  return text.replaceAll(/\b[0-9A-HJKMNP-TV-Z]{4,}(?:-[0-9A-HJKMNP-TV-Z]{4,})*\b/g, "reference");
}
