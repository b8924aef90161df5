import { inBackground, type Kit, pause } from "@leasehold/service-kit";
import type { IssuerConfig } from "./config.ts";
import type { BootstrapPorts } from "./use-cases/become-first-owner.ts";
import type { BootstrapToken } from "./use-cases/administrator-ports.ts";
import { keepBootstrapToken, openBootstrapToken } from "./use-cases/keep-bootstrap-token.ts";
import type { IssuerStore } from "./use-cases/ports.ts";

/** How often it is remembered how far time has come; a restart may give so much of it back. */
const REMEMBER_MS = 60_000;

/** The bootstrap token, if there is one, and who watches over it. */
interface ComposedBootstrap extends AsyncDisposable {
  readonly ports: Pick<BootstrapPorts, "bootstrapToken">;
}

/** Remembers the bootstrap token, and says in the log once it is of no use any more. */
export async function composeBootstrap(
  { bootstrapToken: sha256 }: Pick<IssuerConfig, "bootstrapToken">,
  { clock, log }: Pick<Kit, "clock" | "log">,
  store: IssuerStore,
): Promise<ComposedBootstrap> {
  const stack = new AsyncDisposableStack();
  const bootstrapToken = sha256 && (await openBootstrapToken(store, clock, sha256));
  if (bootstrapToken) {
    if (await stillOfUse(store, bootstrapToken, log))
      inBackground(stack, async (signal) => {
        do await pause(REMEMBER_MS, signal);
        while (!signal.aborted && (await remembered(store, bootstrapToken, log)));
      });
  }
  return {
    ports: { bootstrapToken },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function stillOfUse(
  store: IssuerStore,
  token: BootstrapToken,
  log: Kit["log"],
): Promise<boolean> {
  const ofUse = await keepBootstrapToken(store, token);
  if (!ofUse)
    log.warn(
      { setting: "ISSUER_BOOTSTRAP_TOKEN_FILE" },
      "the bootstrap token is of no use any more: take it out of the configuration, and delete its file",
    );
  return ofUse;
}

/** As `stillOfUse`; while that cannot be told, it may be. */
async function remembered(
  store: IssuerStore,
  token: BootstrapToken,
  log: Kit["log"],
): Promise<boolean> {
  try {
    return await stillOfUse(store, token, log);
  } catch (err) {
    log.warn({ err }, "the age of the bootstrap token was not remembered");
    return true;
  }
}
