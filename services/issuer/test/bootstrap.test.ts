import { createHash } from "node:crypto";
import { issuer } from "@leasehold/contracts";
import { systemRandom } from "@leasehold/kernel";
import { newBootstrapToken } from "@leasehold/license-format";
import { type Client, client, connect } from "@leasehold/rpc-client";
import type { BearerToken } from "@leasehold/service-kit";
import { manualClock, type ManualClock, testPostgres } from "@leasehold/testkit";
import { beforeEach, expect, test } from "vitest";
import { BOOTSTRAP_MS, bootstrapDigest } from "../src/domain/bootstrap.ts";
import { databaseText } from "./database-text.ts";
import { type IssuerUnderTest, requestId, startIssuer } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import { createAccount, outcomes } from "./person.ts";

const { OWNER } = issuer.DeploymentRole;
const MINUTE_MS = 60_000;
const TOKEN = newBootstrapToken(systemRandom);
const ENDED = { reason: "BOOTSTRAP_ENDED" };
const NO_USE: unknown = expect.stringContaining("the bootstrap token is of no use any more");
const ADMIN: BearerToken = {
  sha256: sha256("admin"),
  principal: { kind: "administrator", subject: "admin", permissions: new Set(["*"]) },
};

let clock: ManualClock;
let bearerTokens: BearerToken[];
beforeEach(() => {
  clock = manualClock();
  bearerTokens = [ADMIN];
});

function sha256(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** An issuer on a database that may have seen others before. */
function start(databaseUrl: string, token: string | undefined = TOKEN): Promise<IssuerUnderTest> {
  const bootstrapToken = token === undefined ? undefined : bootstrapDigest(token);
  return startIssuer(databaseUrl, { clock, config: { bootstrapToken, bearerTokens } });
}

/** A new account, known by a secret of its own to every issuer. */
async function somebody(under: IssuerUnderTest): Promise<{ account: string; secret: string }> {
  const { name } = await createAccount(under.of(issuer.AccountServiceDefinition, "admin"));
  bearerTokens.push({
    sha256: sha256(name),
    principal: { kind: "account", account: name, memberships: new Map(), roles: [] },
  });
  return { account: name, secret: name };
}

async function become(
  { address }: IssuerUnderTest,
  secret: string,
  request: Partial<issuer.BecomeFirstOwnerRequest> = {},
): Promise<issuer.Administrator> {
  await using channel = connect(address);
  const metadata = () => ({ authorization: `Bearer ${secret}` });
  const administrators: Client<typeof issuer.AdministratorServiceDefinition> = client(
    issuer.AdministratorServiceDefinition,
    channel,
    { metadata },
  );
  const { administrator } = await administrators.becomeFirstOwner({
    requestId: requestId(),
    bootstrapToken: TOKEN,
    ...request,
  });
  return administrator!;
}

test("whoever has the token becomes the owner, and nobody after them", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  const [ada, eve] = [await somebody(under), await somebody(under)];
  const id = requestId();
  const owner = await become(under, ada.secret, { requestId: id });
  expect(owner).toMatchObject({
    account: ada.account,
    grants: [{ role: OWNER, grantedBy: ada.account }],
  });
  expect(await become(under, ada.secret, { requestId: id })).toEqual(owner);
  await expect(become(under, eve.secret)).rejects.toMatchObject(ENDED);
  await expect(become(under, ada.secret)).rejects.toMatchObject(ENDED);
  await expect(become(under, eve.secret, { requestId: id })).rejects.toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
});

test("another token makes nobody the owner, nor does any where the issuer has none", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  const { secret } = await somebody(under);
  const bootstrapToken = newBootstrapToken(systemRandom);
  const refused = { reason: "UNAUTHENTICATED" };
  await expect(become(under, secret, { bootstrapToken })).rejects.toMatchObject(refused);
  await using without = await startIssuer(database.url, { clock, config: { bearerTokens } });
  await expect(become(without, secret)).rejects.toMatchObject(refused);
});

test.each(["", "lh_boot_x", TOKEN.toLowerCase(), `${TOKEN} `])(
  "%j is no token at all",
  async (bootstrapToken) => {
    await using database = await testPostgres();
    await using under = await start(database.url);
    const { secret } = await somebody(under);
    await expect(become(under, secret, { bootstrapToken })).rejects.toMatchObject({
      reason: "INVALID_REQUEST",
    });
  },
);

test("the token is no credential: with it nothing can be called", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  await expect(become(under, TOKEN)).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
});

test("administrators, services and people without an account cannot become the owner by it", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  await expect(become(under, "admin")).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
});

test("of twenty who try at a time, at two issuers, one becomes the owner", async () => {
  await using database = await testPostgres();
  await using first = await start(database.url);
  await using second = await start(database.url);
  const people = [];
  for (let n = 0; n < 20; n += 1) people.push(await somebody(first));
  const { won, refusals } = await outcomes(
    people.map(({ secret }, n) => become(n % 2 === 0 ? first : second, secret)),
  );
  expect(won).toBe(1);
  expect(new Set(refusals)).toEqual(new Set(["BOOTSTRAP_ENDED"]));
  const administrators = first.of(issuer.AdministratorServiceDefinition, "admin");
  expect((await administrators.listAdministrators({})).administrators).toHaveLength(1);
});

test("the token counts for 24 hours, and not a millisecond longer", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  const { secret } = await somebody(under);
  clock.advance(BOOTSTRAP_MS);
  await expect(become(under, secret)).rejects.toMatchObject(ENDED);
});

test("the token counts until just before that", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  const { account, secret } = await somebody(under);
  clock.advance(BOOTSTRAP_MS - 1);
  expect(await become(under, secret)).toMatchObject({ account });
});

test("a restart does not make it longer", async () => {
  await using database = await testPostgres();
  const first = await start(database.url);
  const { secret } = await somebody(first);
  clock.advance(BOOTSTRAP_MS / 2);
  await first[Symbol.asyncDispose]();
  await using second = await start(database.url);
  clock.advance(BOOTSTRAP_MS / 2);
  await expect(become(second, secret)).rejects.toMatchObject(ENDED);
});

test("a clock that is set back under a running issuer does not make it longer", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  const { secret } = await somebody(under);
  clock.step(-10 * BOOTSTRAP_MS);
  clock.advance(BOOTSTRAP_MS);
  await expect(become(under, secret)).rejects.toMatchObject(ENDED);
});

test("a clock that is set back between two runs does not make it longer", async () => {
  await using database = await testPostgres();
  await using first = await start(database.url);
  const { secret } = await somebody(first);
  clock.advance(BOOTSTRAP_MS - MINUTE_MS);
  const again = await start(database.url); // which remembers how far time has come
  await again[Symbol.asyncDispose]();
  clock.step(-10 * BOOTSTRAP_MS);
  await using second = await start(database.url);
  clock.advance(MINUTE_MS);
  await expect(become(second, secret)).rejects.toMatchObject(ENDED);
});

test("what a clock that runs ahead has used up stays used up", async () => {
  await using database = await testPostgres();
  await using first = await start(database.url);
  const { secret } = await somebody(first);
  clock.step(BOOTSTRAP_MS);
  await expect(become(first, secret)).rejects.toMatchObject(ENDED);
  await (await start(database.url))[Symbol.asyncDispose]();
  clock.step(-BOOTSTRAP_MS);
  await using second = await start(database.url);
  await expect(become(second, secret)).rejects.toMatchObject(ENDED);
});

test("an owner that was made otherwise ends it as well", async () => {
  await using database = await testPostgres();
  await using under = await start(database.url);
  const [ada, eve] = [await somebody(under), await somebody(under)];
  const administrators = under.of(issuer.AdministratorServiceDefinition, "admin");
  await administrators.grantRole({ requestId: requestId(), account: ada.account, role: OWNER });
  await expect(become(under, eve.secret)).rejects.toMatchObject(ENDED);
});

test("an issuer that starts with a token of no use says so in its log, and starts", async () => {
  await using database = await testPostgres();
  await using first = await start(database.url);
  expect(first.logged).not.toContainEqual(expect.objectContaining({ message: NO_USE }));
  await become(first, (await somebody(first)).secret);
  await using second = await start(database.url);
  expect(second.logged).toContainEqual(expect.objectContaining({ level: "warn", message: NO_USE }));
});

test("neither the log nor the database has the token", async () => {
  await using database = await migratedPostgres();
  await using under = await start(database.url);
  await become(under, (await somebody(under)).secret);
  await using again = await start(database.url);
  expect(JSON.stringify([under.logged, again.logged])).not.toContain(TOKEN.slice(0, 20));
  expect(await databaseText(database.postgres)).not.toContain(TOKEN.slice(8, 40));
});
