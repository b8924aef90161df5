import { activation, LicenseModel, LicenseState } from "@leasehold/contracts";
import { isProblem, type Problem } from "@leasehold/kernel";
import { type Client, client, connect } from "@leasehold/rpc-client";
import type { CustomerRole, Principal } from "@leasehold/service-kit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { issuedLicense, issuedTerms, POLICY } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId } from "./unlock-requests.ts";

const NAMED = "customers/acme/licenses/named";
const FLOATING = "customers/acme/licenses/floating";

const account = (memberships: Readonly<Record<string, CustomerRole>>): Principal => ({
  kind: "account",
  account: "accounts/0190f5fe-7c00-7a00-8000-0000000000aa",
  memberships: new Map(Object.entries(memberships)),
});
const desk = (...permissions: readonly string[]): Principal => ({
  kind: "administrator",
  subject: "desk",
  permissions: new Set(permissions),
});
const ACCEPTS = {
  writer: desk("named_users.write", "named_users.read"),
  reader: desk("named_users.read"),
  nobody: desk("licenses.write"),
  admin: account({ "customers/acme": "ADMINISTRATOR" }),
  user: account({ "customers/acme": "USER" }),
  stranger: account({ "customers/acm": "ADMINISTRATOR", "customers/acmes": "ADMINISTRATOR" }),
  broker: { kind: "service", service: "seat-broker", permissions: new Set(["*"]) },
} as const satisfies Record<string, Principal>;

const NO_POLICY = { ...POLICY, groups: [], includeGroups: [], excludeGroups: [] };

type Who = keyof typeof ACCEPTS;
type NamedUserClient = Client<typeof activation.NamedUserServiceDefinition>;

let running: RunningActivation;
let clients: AsyncDisposableStack;

beforeEach(async () => {
  running = await runningActivation({ accepts: ACCEPTS });
  clients = new AsyncDisposableStack();
  const terms = issuedTerms({ model: LicenseModel.NAMED_USER, seats: 3 });
  running.issuer.put(issuedLicense("named", 1n, { terms }));
  running.issuer.put(issuedLicense("floating", 1n));
  await vi.waitFor(isFollowed, { timeout: 10_000 });
});
afterEach(async () => {
  await clients.disposeAsync();
  await running[Symbol.asyncDispose]();
});

async function isFollowed(): Promise<void> {
  if ((await entitlements()).length < 2) throw new Error("the licenses are not here yet");
}

function as(who: Who | undefined): NamedUserClient {
  const channel = clients.use(connect(running.address));
  const metadata = () => (who === undefined ? {} : { authorization: `Bearer ${who}` });
  return client(activation.NamedUserServiceDefinition, channel, { metadata });
}

const assign = (
  user: string,
  { who = "admin", parent = NAMED, requestId = freshId() }: Asks = {},
) => as(who).assignUser({ requestId, parent, user });
const unassign = (
  user: string,
  { who = "admin", parent = NAMED, requestId = freshId(), validateOnly = false }: Asks = {},
) => as(who).unassignUser({ requestId, parent, user, validateOnly });
const list = (
  given: Partial<activation.ListNamedUsersRequest> = {},
  who: Who = "user",
): Promise<activation.ListNamedUsersResponse> =>
  as(who).listNamedUsers({
    parent: NAMED,
    pageSize: 0,
    pageToken: "",
    filter: "",
    orderBy: "user",
    ...given,
  });
const listed = async () => (await list()).namedUsers.map(({ user }) => user);

interface Asks {
  readonly who?: Who;
  readonly parent?: string;
  readonly requestId?: string;
  readonly validateOnly?: boolean;
}

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const thrown = await call.then(
    () => expect.unreachable("nothing was refused"),
    (error: unknown) => error,
  );
  if (!isProblem(thrown)) throw thrown;
  return thrown;
}

/** The feed as it stands. */
async function entitlements(after = 0n): Promise<readonly activation.Entitlement[]> {
  const found: activation.Entitlement[] = [];
  const steps = running.broker.watchEntitlements({ afterFeedRevision: after });
  for await (const { step } of steps) {
    if (step?.$case === "entitlement") found.push(step.value);
    if (step === undefined) break;
  }
  return found;
}

const told = async () => (await entitlements()).find(({ license }) => license === NAMED);

test("a user who is named is listed, with who named it and when", async () => {
  const before = Date.now();
  const { namedUser } = await assign("ada");
  expect(namedUser).toMatchObject({
    license: NAMED,
    user: "ada",
    assignedBy: "accounts/0190f5fe-7c00-7a00-8000-0000000000aa",
  });
  expect(namedUser!.assignTime!.getTime()).toBeGreaterThanOrEqual(before);
  expect((await list()).namedUsers).toEqual([namedUser]);
  const { namedUser: bob } = await assign("bob", { who: "writer" });
  expect(bob).toMatchObject({ assignedBy: "administrator:desk" });
});

test("seat-brokers are told of each change at the end of the feed, others of the license or not", async () => {
  expect(await told()).toMatchObject({ namedUsers: [], namedUsersRevision: 0n });
  await assign("bob");
  await assign("ada");
  expect(await told()).toMatchObject({
    revision: 1n,
    namedUsers: ["ada", "bob"],
    namedUsersRevision: 2n,
  });
  expect((await entitlements(3n)).map(({ license }) => license)).toEqual([NAMED]);
  await unassign("bob");
  expect(await told()).toMatchObject({ namedUsers: ["ada"], namedUsersRevision: 3n });
  const terms = issuedTerms({ model: LicenseModel.NAMED_USER, seats: 9 });
  running.issuer.put(issuedLicense("named", 2n, { terms }));
  await vi.waitFor(
    async () =>
      expect(await told()).toMatchObject({
        revision: 2n,
        terms: { seats: 9 },
        namedUsers: ["ada"],
        namedUsersRevision: 3n,
      }),
    { timeout: 10_000 },
  );
});

test("an open stream is told of a change as soon as it is made", async () => {
  const steps = running.broker.watchEntitlements({ afterFeedRevision: 0n });
  let assigned: Promise<activation.AssignUserResponse> | undefined;
  for await (const { step } of steps) {
    if (step === undefined) assigned ??= assign("ada");
    if (step?.$case === "entitlement" && step.value.namedUsers.includes("ada")) break;
  }
  expect((await assigned)?.namedUser?.user).toBe("ada");
});

test("a user who has a place keeps it, and nothing is told anew", async () => {
  const { namedUser } = await assign("ada");
  expect((await assign("ada", { who: "writer" })).namedUser).toEqual(namedUser);
  expect(await told()).toMatchObject({ namedUsersRevision: 1n });
});

test("there are as many places as seats; one that is taken back is there for somebody else at once", async () => {
  for (const user of ["ada", "bob", "cho"]) await assign(user);
  const problem = await problemOf(assign("dan"));
  expect(problem).toMatchObject({ reason: "LIMIT_REACHED", metadata: { limit: "3" } });
  await assign("bob");
  await unassign("bob");
  await assign("dan");
  expect(await listed()).toEqual(["ada", "cho", "dan"]);
});

test("a license with fewer seats keeps its users, and names nobody before there are fewer", async () => {
  for (const user of ["ada", "bob", "cho"]) await assign(user);
  const terms = issuedTerms({ model: LicenseModel.NAMED_USER, seats: 2 });
  running.issuer.put(issuedLicense("named", 2n, { terms }));
  await vi.waitFor(async () => expect(await told()).toMatchObject({ revision: 2n }), {
    timeout: 10_000,
  });
  expect(await listed()).toEqual(["ada", "bob", "cho"]);
  await unassign("ada");
  expect(await problemOf(assign("dan"))).toMatchObject({ metadata: { limit: "2" } });
  await unassign("bob");
  await assign("dan");
});

test("a thousand who race for three places: three get one, and all others are told the limit", async () => {
  const caller = as("admin");
  const outcomes: string[] = [];
  for (let batch = 0; batch < 1_000; batch += 50) {
    const tries = Array.from({ length: 50 }, (_, index) =>
      caller
        .assignUser({ requestId: freshId(), parent: NAMED, user: `user-${batch + index}` })
        .then(
          () => "named",
          (error: unknown) => (isProblem(error) ? error.reason : String(error)),
        ),
    );
    outcomes.push(...(await Promise.all(tries)));
  }
  expect(outcomes.filter((outcome) => outcome === "named")).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === "LIMIT_REACHED")).toHaveLength(997);
  expect(await listed()).toHaveLength(3);
  expect((await told())?.namedUsers).toHaveLength(3);
});

test("of two who race for the last place one gets it, each time", async () => {
  await assign("ada");
  await assign("bob");
  const callers = [as("admin"), as("writer")];
  for (let round = 0; round < 20; round += 1) {
    const names = [`left-${round}`, `right-${round}`];
    const outcomes = await Promise.allSettled(
      names.map((user, side) =>
        callers[side]!.assignUser({ requestId: freshId(), parent: NAMED, user }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const winner = names[outcomes.findIndex(({ status }) => status === "fulfilled")]!;
    expect(await listed()).toEqual(["ada", "bob", winner]);
    await unassign(winner);
  }
});

test("names and the feed agree at every point that a watcher sees while both change", async () => {
  const changing = (async () => {
    for (let round = 0; round < 30; round += 1) {
      await assign("ada");
      await unassign("ada");
    }
  })();
  let last = 0n;
  const steps = running.broker.watchEntitlements({ afterFeedRevision: 0n });
  for await (const { step } of steps) {
    if (step?.$case !== "entitlement" || step.value.license !== NAMED) continue;
    const { namedUsers, namedUsersRevision } = step.value;
    // Odd: she was named last; even: taken back.
    expect(namedUsers).toEqual(namedUsersRevision % 2n === 1n ? ["ada"] : []);
    expect(namedUsersRevision).toBeGreaterThanOrEqual(last);
    last = namedUsersRevision;
    if (last === 60n) break;
  }
  await changing;
});

test("as many names as there may be reach a watcher beside the largest seat policy", async () => {
  const groups = Array.from({ length: 50 }, (_, index) => ({
    group: `group-${index}`,
    users: Array.from({ length: 1_000 }, (__, user) => `${index}-${user}-`.padEnd(60, "x")),
    hosts: [],
    installations: [],
    reservedSeats: 0,
    priority: 0,
  }));
  const seatPolicy = { ...NO_POLICY, groups };
  const terms = issuedTerms({ model: LicenseModel.NAMED_USER, seats: 20_000, seatPolicy });
  running.issuer.put(issuedLicense("named", 2n, { terms }));
  await vi.waitFor(async () => expect(await told()).toMatchObject({ revision: 2n }), {
    timeout: 20_000,
  });
  await assign("first");
  await running.database.postgres.query({
    text: `insert into named_user (id, license, user_name, assign_time, assigned_by)
      select gen_random_uuid(), '${NAMED}', rpad(number || '-', 80, 'x'), now(), 'test'
      from generate_series(1, 9998) as number`,
  });
  await assign("last");
  const { namedUsers, terms: passed } = (await told())!;
  expect(namedUsers).toHaveLength(10_000);
  expect(passed?.seatPolicy?.groups).toHaveLength(50);
  expect(await problemOf(assign("one more"))).toMatchObject({
    reason: "LIMIT_REACHED",
    metadata: { limit: "10000" },
  });
});

test("a repeated request is carried out once, and answered alike", async () => {
  const requestId = freshId();
  const first = await assign("ada", { requestId });
  await unassign("ada");
  expect(await assign("ada", { requestId })).toEqual(first);
  expect(await listed()).toEqual([]);
  expect(await problemOf(assign("bob", { requestId }))).toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
  const again = { requestId: freshId() };
  await assign("bob");
  const gone = await unassign("bob", again);
  await assign("bob");
  expect(await unassign("bob", again)).toEqual(gone);
  expect(await listed()).toEqual(["bob"]);
});

test("to validate only tells whose place it is, and takes none", async () => {
  const { namedUser } = await assign("ada");
  expect(await unassign("ada", { validateOnly: true })).toEqual({ namedUser });
  expect(await listed()).toEqual(["ada"]);
  expect(await problemOf(unassign("bob", { validateOnly: true }))).toMatchObject({
    reason: "NOT_FOUND",
  });
});

test("nobody is taken a place from who has none", async () => {
  expect(await problemOf(unassign("ada"))).toMatchObject({ reason: "NOT_FOUND" });
  await assign("ada");
  expect(await problemOf(unassign("Ada"))).toMatchObject({ reason: "NOT_FOUND" });
});

test("a license of another model names nobody, one that is revoked nobody new", async () => {
  const calls = [assign("ada", { parent: FLOATING }), list({ parent: FLOATING })];
  for (const problem of await Promise.all(calls.map(problemOf)))
    expect(problem).toMatchObject({
      reason: "INVALID_REQUEST",
      violations: [{ field: "parent" }],
    });
  await assign("ada");
  running.issuer.put(
    issuedLicense("named", 2n, {
      state: LicenseState.REVOKED,
      terms: issuedTerms({ model: LicenseModel.NAMED_USER }),
    }),
  );
  await vi.waitFor(async () => expect(await told()).toMatchObject({ revision: 2n }), {
    timeout: 10_000,
  });
  expect(await problemOf(assign("bob"))).toMatchObject({ reason: "LICENSE_REVOKED" });
  await unassign("ada");
});

test("names come in normalization form C, and letter case tells them apart", async () => {
  await assign("Zoe\u0308");
  await assign("Zo\u00eb");
  await assign("zo\u00eb");
  expect(await listed()).toEqual(["Zo\u00eb", "zo\u00eb"].toSorted());
});

test.each([
  ["no user", { user: "" }, "user"],
  ["a user of 201 letters", { user: "x".repeat(201) }, "user"],
  ["a user with a line in it", { user: "a\nb" }, "user"],
  ["half an emoji", { user: "\ud83d" }, "user"],
  ["no license", { parent: "" }, "parent"],
  ["a customer for a license", { parent: "customers/acme" }, "parent"],
  ["a request id that is no UUID", { requestId: "1" }, "request_id"],
])("%s is refused with the field's name", async (_, given, field) => {
  const request = { requestId: freshId(), parent: NAMED, user: "ada", ...given };
  const calls = [
    as("admin").assignUser(request),
    as("admin").unassignUser({ ...request, validateOnly: false }),
  ];
  for (const { violations } of await Promise.all(calls.map(problemOf)))
    expect(violations.map(({ field }) => field)).toEqual([field]);
});

test("SQL in a name is a name", async () => {
  const user = `'); drop table named_user; --`;
  await assign(user);
  expect(await listed()).toEqual([user]);
});

test("lists are filtered, ordered and paged", async () => {
  for (const user of ["ada", "alan", "bob"]) await assign(user);
  const names = async (given: Partial<activation.ListNamedUsersRequest>) =>
    (await list(given)).namedUsers.map(({ user }) => user);
  expect(await names({ filter: `user = "a*"` })).toEqual(["ada", "alan"]);
  expect(await names({ orderBy: "" })).toEqual(["bob", "alan", "ada"]);
  expect(await names({ filter: `assigned_by = "administrator:desk"` })).toEqual([]);
  const first = await list({ pageSize: 2 });
  const next = { pageSize: 2, pageToken: first.nextPageToken };
  expect(await names(next)).toEqual(["bob"]);
  for (const bad of [
    { ...next, filter: `user = "a*"` },
    { ...next, pageToken: `${first.nextPageToken}x` },
    { pageSize: -1 },
    { filter: "host = x" },
    { orderBy: "id" },
    { parent: "licenses/x" },
  ])
    expect(await problemOf(list(bad))).toMatchObject({ reason: "INVALID_REQUEST" });
});

test.each([
  ["writer", [true, true]],
  ["reader", [false, true]],
  ["nobody", [false, false]],
  ["admin", [true, true]],
  ["user", [false, true]],
  ["broker", [false, false]],
] as const)("%s may change and look: %j", async (who, [mayChange, mayLook]) => {
  await assign("ada", { who: "writer" });
  const outcomeOf = (call: Promise<unknown>) =>
    call.then(
      () => true,
      (error: unknown) => (isProblem(error, "PERMISSION_DENIED") ? false : String(error)),
    );
  expect(await outcomeOf(assign("bob", { who }))).toBe(mayChange);
  expect(await outcomeOf(unassign("ada", { who }))).toBe(mayChange);
  expect(await outcomeOf(list({}, who))).toBe(mayLook);
});

test("to an account of other customers a license is as if there were none", async () => {
  const who = "stranger";
  const none = { parent: "customers/acme/licenses/none" };
  const answers = await Promise.all(
    [assign("ada", { who }), unassign("ada", { who }), list({}, who)].map(problemOf),
  );
  const absent = await Promise.all(
    [assign("ada", { ...none, who: "writer" }), list(none, "writer")].map(problemOf),
  );
  for (const { reason, message } of [...answers, ...absent])
    expect([reason, message]).toEqual(["NOT_FOUND", "no such license"]);
});

test("whoever does not say who it is changes and sees nothing", async () => {
  const caller = as(undefined);
  const place = { requestId: freshId(), parent: NAMED, user: "ada" };
  const calls = [
    caller.assignUser(place),
    caller.unassignUser(place),
    caller.listNamedUsers({ parent: NAMED }),
  ];
  for (const problem of await Promise.all(calls.map(problemOf)))
    expect(problem).toMatchObject({ reason: "UNAUTHENTICATED" });
});

test("what was done stays written down, and cannot be written anew", async () => {
  await assign("ada");
  await unassign("ada", { who: "writer" });
  const { postgres } = running.database;
  const acts = await postgres.query<{ readonly kind: string; readonly subject: string }>({
    text: "select kind, subject from naming_act order by revision",
  });
  expect(acts.map(({ kind, subject }) => [kind, subject])).toEqual([
    ["ASSIGN", "accounts/0190f5fe-7c00-7a00-8000-0000000000aa"],
    ["UNASSIGN", "administrator:desk"],
  ]);
  for (const text of ["update naming_act set subject = 'x'", "delete from naming_act"])
    await expect(postgres.query({ text })).rejects.toThrow("append-only");
});
