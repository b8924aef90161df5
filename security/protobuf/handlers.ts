import { readdir } from "node:fs/promises";
import { PrincipalKind, type MethodDefinition, methodRule } from "@leasehold/contracts";
import { pageTokens } from "@leasehold/list-query";
import type { CallContext, Principal, ServiceBinding } from "@leasehold/service-kit";
import { ticketKeys } from "../../services/seat-broker/src/domain/wait-ticket.ts";
import { pageTokens as seatPageTokens } from "../../services/seat-broker/src/domain/page-token.ts";
import { deadEnds, portNames } from "./dead-ends.ts";
import type { ServiceKind } from "./contract.ts";

const KINDS: readonly ServiceKind[] = ["issuer", "activation", "seat-broker"];
const SECRET = Buffer.alloc(32, 7);
const ID = "0190b5a0-0000-7000-8000-00000000000a";
const PERSON = {
  issuer: "https://id.example.com",
  subject: "ada",
  email: "ada@example.com",
  emailVerified: true,
  displayName: "Ada",
};

/** What the services' own code makes of a decoded request, up to the first thing that it needs from outside. */
export type Handle = (request: unknown, call: CallContext) => unknown;

/** Every handler of every service, by the method's path, on ports that lead nowhere. */
export async function handlersByPath(): Promise<ReadonlyMap<string, Handle>> {
  const found = new Map<string, Handle>();
  for (const kind of KINDS) {
    const source = new URL(`../../services/${kind}/src/`, import.meta.url);
    const rpc = new URL("rpc/", source);
    const ports = deadEnds(await portNames(new URL("use-cases/", source), rpc), realOf(kind));
    for (const file of await readdir(rpc)) {
      if (!file.endsWith("-service.ts")) continue;
      const made: unknown = await import(new URL(file, rpc).href);
      for (const { definition, handlers } of bindingsOf(made, ports))
        for (const [key, { name }] of Object.entries(definition.methods))
          found.set(`/${definition.fullName}/${name}`, handlers[key] as Handle);
    }
  }
  return found;
}

function bindingsOf(module: unknown, ports: unknown): readonly ServiceBinding[] {
  return Object.entries(module as Readonly<Record<string, unknown>>)
    .filter(([name]) => name.endsWith("Service"))
    .map(([, make]) => (make as (ports: unknown) => ServiceBinding)(ports));
}

/** What reads requests and needs nothing from outside. */
function realOf(kind: ServiceKind): Readonly<Record<string, unknown>> {
  if (kind !== "seat-broker") return { pageTokens: pageTokens(SECRET) };
  return {
    pageTokens: seatPageTokens(SECRET),
    tickets: ticketKeys([SECRET]),
    barred: { admit: (caller: unknown) => caller, has: () => false },
  };
}

const PRINCIPALS = new Map<PrincipalKind, Principal>([
  [PrincipalKind.ANYONE, { kind: "anyone" }],
  [
    PrincipalKind.INSTALLATION,
    {
      kind: "installation",
      installation: `installations/${ID}`,
      license: `customers/${ID}/licenses/${ID}`,
      product: "products/studio",
      publicKeyThumbprint: SECRET.toString("base64url"),
    },
  ],
  [
    PrincipalKind.ADMINISTRATOR,
    { kind: "administrator", subject: "admin", permissions: new Set(["*"]) },
  ],
  [PrincipalKind.SERVICE, { kind: "service", service: "activation", permissions: new Set(["*"]) }],
  [
    PrincipalKind.ACCOUNT,
    {
      kind: "account",
      account: `accounts/${ID}`,
      memberships: new Map([[`customers/${ID}`, "ADMINISTRATOR"]]),
      signedIn: PERSON,
    },
  ],
  [PrincipalKind.PERSON, { kind: "person", signedIn: PERSON }],
]);

/** Calls of everybody who may call a method. */
export function callsOf(method: MethodDefinition): readonly CallContext[] {
  return (methodRule(method)?.principals ?? []).flatMap((kind) => {
    const principal = PRINCIPALS.get(kind);
    if (principal === undefined) return [];
    return [{ principal, signal: SIGNAL, peer: "127.0.0.1:4711", deadline: 5_000 }];
  });
}

const SIGNAL = new AbortController().signal;
