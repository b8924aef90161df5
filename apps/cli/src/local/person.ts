import { openServer, type Server } from "../call-services.ts";
import { fileText } from "../flag-values.ts";
import type { JsonObject } from "../json.ts";
import type { CarryOut, LocalRun } from "../local-command.ts";
import { newRequestId } from "./request-id.ts";

/** Who is signed in. */
export const whoAmI: CarryOut = (run) =>
  atIssuer(run, (server) => server.call("RegistrationService.getMyAccount", {}));

/** An account, and a customer if one is named. */
export const register: CarryOut = (run) =>
  atIssuer(run, (server) => registerAt(server, run, textOf(run, "customer")));

/** Asks to join, with an account if there is none yet. What comes of it is told by nobody here. */
export const join: CarryOut = async (run) => {
  const referenceId = run.argument ?? "";
  await atIssuer(run, async (server) => {
    await haveAccount(server, run);
    const request = { requestId: newRequestId(), referenceId };
    return server.call("AccountService.requestToJoin", request);
  });
  run.terminal.err("asked; an administrator of the customer, if there is one, lets you in\n");
  return undefined;
};

/** Accepts an invitation, with an account if there is none yet. */
export const acceptInvitation: CarryOut = async (run) => {
  const secret = fileText(textOf(run, "secretFile"));
  const { account } = await atIssuer(run, async (server) => {
    await haveAccount(server, run);
    const request = { requestId: newRequestId(), secret };
    return server.call("AccountService.acceptInvitation", request);
  });
  return account;
};

/** Registers whoever is signed in, unless they have an account. */
export async function haveAccount(server: Server, run: LocalRun): Promise<void> {
  const { account } = await server.call("RegistrationService.getMyAccount", {});
  if (account === undefined) await registerAt(server, run, "");
}

function registerAt(
  server: Server,
  run: LocalRun,
  customerDisplayName: string,
): Promise<JsonObject> {
  const displayName = textOf(run, "displayName");
  const request = { requestId: newRequestId(), displayName, customerDisplayName };
  return server.call("RegistrationService.register", request);
}

async function atIssuer(
  run: LocalRun,
  work: (server: Server) => Promise<JsonObject>,
): Promise<JsonObject> {
  await using server = await openServer(run.server("issuer"));
  return await work(server);
}

/** The text of a flag; empty if it was not said. */
export function textOf({ given }: LocalRun, flag: string): string {
  const text = given[flag];
  return typeof text === "string" ? text : "";
}
