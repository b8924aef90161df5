import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Credentials } from "./authenticator.ts";
import { firstOf } from "./authenticator.ts";
import { bearerAuthenticator } from "./bearer-authenticator.ts";
import { parseBearerTokens } from "./bearer-tokens.ts";
import { holds } from "./principal.ts";

const sha256 = (secret: string) => createHash("sha256").update(secret).digest("hex");
const tokens = parseBearerTokens(
  JSON.stringify([
    {
      sha256: sha256("ann's"),
      kind: "administrator",
      subject: "ann",
      permissions: ["licenses.write"],
    },
    { sha256: sha256("broker's"), kind: "service", subject: "seat-broker", permissions: ["*"] },
  ]),
);
const calling = (authorization?: string): Credentials => ({
  header: (name) => (name === "authorization" ? authorization : undefined),
});

test("a secret stands for its principal, with its permissions", async () => {
  const authenticate = bearerAuthenticator(tokens);
  const ann = await authenticate(calling("Bearer ann's"));
  expect(ann).toEqual({
    kind: "administrator",
    subject: "ann",
    permissions: new Set(["licenses.write"]),
  });
  expect([holds(ann!, "licenses.write"), holds(ann!, "keys.write"), holds(ann!, "")]).toEqual([
    true,
    false,
    true,
  ]);
  const broker = await authenticate(calling("Bearer broker's"));
  expect(broker).toMatchObject({ kind: "service", service: "seat-broker" });
  expect(holds(broker!, "anything")).toBe(true);
});

test.each([
  "Bearer other",
  "Bearer ",
  "Basic YQ==",
  "bearer ann's",
  "Bearer ann's ",
  `Bearer ${"x".repeat(600)}`,
  "",
])("the header %j is refused", (header) => {
  expect(() => bearerAuthenticator(tokens)(calling(header))).toThrow(
    expect.objectContaining({ reason: "UNAUTHENTICATED" }),
  );
});

test("while a secret changes both stand for the same principal, and then the next one alone", async () => {
  const entry = (secret: string) => ({
    sha256: sha256(secret),
    kind: "service",
    subject: "seat-broker",
    permissions: ["x"],
  });
  const accepting = (...secrets: readonly string[]) =>
    bearerAuthenticator(parseBearerTokens(JSON.stringify(secrets.map(entry))));
  const both = accepting("former", "next");
  const principal = await both(calling("Bearer next"));
  expect(principal).toMatchObject({ kind: "service", service: "seat-broker" });
  expect(await both(calling("Bearer former"))).toEqual(principal);
  expect(() => accepting("next")(calling("Bearer former"))).toThrow(
    expect.objectContaining({ reason: "UNAUTHENTICATED" }),
  );
});

test("without the header there is nothing to decide, and the next one is asked", async () => {
  const bearer = bearerAuthenticator(tokens);
  expect(bearer(calling())).toBeUndefined();
  const later = firstOf(
    bearer,
    () => Promise.resolve(undefined),
    () => ({ kind: "anyone" }),
  );
  expect(await later(calling())).toEqual({ kind: "anyone" });
  expect(firstOf(bearer)(calling())).toBeUndefined();
});

test.each([
  ["no JSON", "canary"],
  ["no array", '{"canary":1}'],
  ["a short digest", '[{"sha256":"canary","kind":"service","subject":"a","permissions":[]}]'],
  [
    "an unknown kind",
    `[{"sha256":"${"a".repeat(64)}","kind":"canary","subject":"a","permissions":[]}]`,
  ],
  [
    "permissions that are no list",
    `[{"sha256":"${"a".repeat(64)}","kind":"service","subject":"a","permissions":"canary"}]`,
  ],
])("a file with %s is refused without quoting it", (_, json) => {
  expect(() => parseBearerTokens(json)).toThrow(/^(?!.*canary)/);
});
