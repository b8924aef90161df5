import { methodRule, PrincipalKind } from "@leasehold/contracts";
import type { MethodPath } from "./command.ts";
import { definitionOf } from "./call-services.ts";
import { loginPath } from "./login-file.ts";
import type { ServerAddress } from "./servers.ts";
import type { Terminal } from "./terminal.ts";

/**
 * A server, spoken to as whoever is logged in, unless it is said as whom, or anyone may call.
 * @throws UsageError if the login is over
 */
export async function withLogin(
  address: ServerAddress,
  methods: readonly MethodPath[],
  environment: Terminal["environment"],
): Promise<ServerAddress> {
  if (address.token !== undefined || methods.every(isOpen)) return address;
  const path = loginPath(environment);
  if (path === undefined) return address;
  const { loginToken } = await import("./login-token.ts");
  return { ...address, token: await loginToken(path) };
}

function isOpen(method: MethodPath): boolean {
  return methodRule(definitionOf(method))?.principals.includes(PrincipalKind.ANYONE) === true;
}
