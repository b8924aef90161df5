import { openServer, type Server } from "../call-services.ts";
import type { CarryOut, LocalRun } from "../local-command.ts";
import { loginPath, type LoginProvider, removeLogin, writeLogin } from "../login-file.ts";
import { signInDevice } from "../provider-client.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { newRequestId } from "./request-id.ts";

/** Signs in, and keeps it for the commands that follow. */
export const login: CarryOut = async (run) => {
  const path = homePath(run.terminal);
  await using server = await openServer(run.server("issuer"));
  const provider = await chosenProvider(server, run);
  const kept = await signInDevice(provider, tellOn(run.terminal));
  writeLogin(path, kept);
  run.terminal.err(`signed in; kept in ${path}\n`);
  return undefined;
};

/** Forgets who is signed in here. */
export const logout: CarryOut = async ({ terminal }) => {
  const known = removeLogin(homePath(terminal));
  terminal.err(known ? "signed out\n" : "nobody was signed in\n");
  return undefined;
};

/** Signs in a second time, and gives the account that way to sign in. */
export const link: CarryOut = async (run) => {
  await using server = await openServer(run.server("issuer"));
  const provider = await chosenProvider(server, run);
  const { accessToken } = await signInDevice(provider, tellOn(run.terminal));
  const request = { requestId: newRequestId(), accessToken };
  const { account } = await server.call("RegistrationService.linkMyIdentity", request);
  return account;
};

function homePath({ environment }: Terminal): string {
  const path = loginPath(environment);
  if (path === undefined) throw new UsageError("where is your home? Set HOME or XDG_CONFIG_HOME");
  return path;
}

function tellOn(terminal: Terminal): Parameters<typeof signInDevice>[1] {
  return ({ address, code }) =>
    terminal.err(
      `Sign in with a browser, on this or another machine:\n\n  ${address}\n\nThe code is ${code}\n`,
    );
}

/** Of those that the issuer trusts, the one that was said, or the only one. */
async function chosenProvider(server: Server, { given }: LocalRun): Promise<LoginProvider> {
  const response = await server.call("RegistrationService.listIdentityProviders", {});
  const providers = (response["identityProviders"] ?? []) as unknown as readonly LoginProvider[];
  const usable = providers.filter(({ clientId }) => clientId !== "");
  const wanted = given["provider"];
  const [chosen, ...others] =
    wanted === undefined ? usable : usable.filter(({ issuer }) => issuer === wanted);
  const names = usable.map(({ issuer }) => issuer).join(", ");
  if (!chosen)
    throw new UsageError(`nobody can sign in so; --provider is one of: ${names || "none"}`);
  if (others.length > 0) throw new UsageError(`with whom? --provider is one of: ${names}`);
  return chosen;
}
