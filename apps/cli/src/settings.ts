import { securityFromEnvironment, type TransportSecurity } from "@leasehold/rpc-client";
import { OUTPUTS, type Output } from "./show.ts";
import type { Given } from "./build-request.ts";
import { fileText } from "./flag-values.ts";
import { type ServerName, SERVERS } from "./servers.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const LIMIT = 100;

/** The address of a server, how it is known, and the bearer secret, from flags or the environment. */
export function connection(server: ServerName, given: Given, environment: Terminal["environment"]) {
  const { spelling, attribute, variable } = SERVERS[server];
  const address = given[attribute] ?? environment[variable];
  if (typeof address !== "string" || address === "")
    throw new UsageError(
      `where is the ${server}? Say ${spelling.replace("<host:port>", "HOST:PORT")}, or set ${variable}`,
    );
  const file = tokenFile(given, environment);
  const token = file === undefined ? undefined : fileText(file);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(`${file} has no bearer secret in it`);
  return { address, token, security: securityIn(environment) };
}

function securityIn(environment: Terminal["environment"]): TransportSecurity {
  try {
    return securityFromEnvironment(environment);
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Whether it is said as whom to call, whoever is logged in. */
export function saysWho(given: Given, environment: Terminal["environment"]): boolean {
  return tokenFile(given, environment) !== undefined;
}

function tokenFile(given: Given, environment: Terminal["environment"]): string | undefined {
  const file = given["tokenFile"] ?? environment["LEASEHOLD_TOKEN_FILE"];
  return typeof file === "string" && file !== "" ? file : undefined;
}

/** How the result is to be written. */
export function outputOf(given: Given): Output {
  const output = OUTPUTS.find((output) => output === (given["output"] ?? "table"));
  if (!output) throw new UsageError(`--output is one of ${OUTPUTS.join(", ")}`);
  return output;
}

/** How many to list at most. */
export function limitOf(given: Given): number {
  const limit = Number(given["limit"] ?? LIMIT);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError("--limit is 1 or more");
  return limit;
}
