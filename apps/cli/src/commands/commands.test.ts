import {
  activation,
  issuer,
  methodRule,
  PrincipalKind,
  seatBroker,
  type ServiceDefinition,
} from "@leasehold/contracts";
import { type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { beforeAll, expect, test } from "vitest";
import { attributeOf, type Command } from "../command.ts";
import type { LocalCommand } from "../local-command.ts";
import { JsonMapping } from "../json-mapping.ts";
import { commonFlags } from "../common-flags.ts";
import { COMMANDS } from "./index.ts";

const SERVICES: readonly ServiceDefinition[] = [
  issuer.IssuerServiceDefinition,
  issuer.CatalogueServiceDefinition,
  issuer.CustomerServiceDefinition,
  issuer.AccountServiceDefinition,
  issuer.AdministratorServiceDefinition,
  issuer.RegistrationServiceDefinition,
  issuer.LicenseServiceDefinition,
  issuer.ProductKeyServiceDefinition,
  issuer.SigningServiceDefinition,
  issuer.AuditServiceDefinition,
  activation.ActivationServiceDefinition,
  activation.NamedUserServiceDefinition,
  activation.InstallationServiceDefinition,
  seatBroker.SeatBrokerServiceDefinition,
  seatBroker.UsageServiceDefinition,
  activation.ResourceServiceDefinition,
  activation.CountServiceDefinition,
  activation.OfflineServiceDefinition,
  activation.SiteServiceDefinition,
];

type Said = readonly [what: string, command: Command | LocalCommand];

const EVERY = COMMANDS.flatMap((entry): readonly Said[] =>
  "commands" in entry
    ? entry.commands.map((command): Said => [`${entry.name} ${command.verb}`, command])
    : [[entry.verb, entry]],
);

/** Those that are one call each. */
const ALL = EVERY.flatMap(([what, command]) =>
  command.kind === "local" ? [] : [[what, command] as const],
);

let mapping: JsonMapping;
beforeAll(async () => {
  mapping = await JsonMapping.open();
});

function fieldAt(message: DescMessage, path: string) {
  const [name, ...rest] = path.split(".");
  const field = message.fields.find((field) => field.jsonName === name);
  if (rest.length === 0 || !field?.message) return rest.length === 0 ? field : undefined;
  return fieldAt(field.message, rest.join("."));
}

test("every method that somebody may call who is no machine has a command", () => {
  const { ADMINISTRATOR, ACCOUNT, PERSON, ANYONE } = PrincipalKind;
  const may: readonly PrincipalKind[] = [ADMINISTRATOR, ACCOUNT, PERSON, ANYONE];
  const called = SERVICES.flatMap((service) =>
    Object.entries(service.methods)
      .filter(([, method]) => methodRule(method)?.principals.some((kind) => may.includes(kind)))
      .map(([key]) => `${service.name}.${key}`),
  );
  const local = EVERY.flatMap(([, command]) => (command.kind === "local" ? command.calls : []));
  const single: readonly string[] = ALL.map(([, { method }]) => method);
  // What is done on a machine may also call what only the machine itself may.
  const calling = new Set([...single, ...local.filter((method) => called.includes(method))]);
  expect([...calling].sort()).toEqual(called.sort());
  expect(new Set(ALL.map(([, { method }]) => method)).size).toBe(ALL.length);
});

test.each(ALL)("what is said of `%s` is in the contract", (_, command: Command) => {
  const { input, output, idempotency } = mapping.method(command.method);
  const has = (path: string) => fieldAt(input, path) !== undefined;
  const keys = command.delivery?.kind === "keys";
  expect({
    why: command.why ?? false,
    revision: command.revision ?? false,
    pages: command.kind === "list",
    expressions: command.kind === "list" && command.expressions !== false,
    destroys: command.kind === "destroy",
    repeatable: command.kind === "act" || command.kind === "end",
    changes: command.kind === "change" || command.kind === "destroy" || keys,
  }).toEqual({
    why: has("why"),
    revision: has("expectedRevision"),
    pages: has("pageSize"),
    expressions: ["filter", "orderBy"].every(
      (field) => fieldAt(input, field)?.scalar === ScalarType.STRING,
    ),
    destroys: has("validateOnly"),
    repeatable:
      idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT &&
      !has("requestId") &&
      !has("validateOnly"),
    changes: has("requestId"),
  });
  for (const { path, repeated } of [
    ...(command.flags ?? []),
    ...[command.argument ?? []].flat(),
  ].map((said) => ({ repeated: false, ...said })))
    expect(fieldAt(input, path)?.fieldKind === "list", path).toBe(repeated);
  const shown = command.show === undefined ? undefined : fieldAt(output, command.show);
  expect(shown !== undefined).toBe(command.show !== undefined);
  expect(shown?.fieldKind === "list").toBe(command.columns !== undefined);
  for (const column of command.columns ?? [])
    expect(fieldAt(shown!.message!, column), column).toBeDefined();
  for (const [field, columns] of Object.entries(command.tables ?? {})) {
    expect(fieldAt(output, field)?.fieldKind, field).toBe("list");
    for (const column of columns)
      expect(fieldAt(fieldAt(output, field)!.message!, column), column).toBeDefined();
  }
});

test.each(EVERY)(
  "the flags of `%s` are told apart, and its example has none that is not there",
  (_, command) => {
    const own = (command.flags ?? []).map(attributeOf);
    const shared = commonFlags(command).map((option) => option.attributeName());
    expect([...new Set([...own, ...shared])]).toEqual([...own, ...shared]);
    const used = [...command.example.matchAll(/--([a-z][a-z-]*)/g)].map(([spelling]) => spelling);
    for (const spelling of used) expect([...own, ...shared]).toContain(attributeOf({ spelling }));
  },
);
