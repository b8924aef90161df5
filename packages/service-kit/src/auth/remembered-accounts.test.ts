import { Problem } from "@leasehold/kernel";
import { manualClock } from "@leasehold/testkit";
import { beforeEach, expect, test } from "vitest";
import type { FindAccount, FoundAccount } from "./account-authenticator.ts";
import { rememberedAccounts } from "./remembered-accounts.ts";

const ADA = { issuer: "https://id.example", subject: "ada" };
const account = (customer: string): FoundAccount => ({
  account: "accounts/a",
  memberships: new Map([[customer, "USER"]]),
  roles: ["SUPPORT"],
});

let clock = manualClock();
let asked: string[];
let answer: () => FoundAccount | undefined;
let find: FindAccount;
beforeEach(() => {
  clock = manualClock();
  asked = [];
  find = rememberedAccounts(async ({ issuer, subject }) => {
    asked.push(`${issuer} ${subject}`);
    return answer();
  }, clock);
});

test("a membership or role that ended is of use for half a minute and no longer", async () => {
  answer = () => account("customers/left");
  await find(ADA);
  answer = () => ({ account: "accounts/a", memberships: new Map(), roles: [] });
  clock.advance(29_999);
  expect(await find(ADA)).toEqual(account("customers/left"));
  clock.advance(1);
  expect(await find(ADA)).toMatchObject({ memberships: new Map(), roles: [] });
  expect(asked).toHaveLength(2);
});

test("the time counts from when it was asked, however long the answer takes", async () => {
  answer = () => {
    clock.advance(29_999);
    return account("customers/c");
  };
  await find(ADA);
  clock.advance(1);
  await find(ADA);
  expect(asked).toHaveLength(2);
});

test("that there is no account counts for two seconds", async () => {
  answer = () => undefined;
  expect(await find(ADA)).toBeUndefined();
  answer = () => account("customers/c");
  clock.advance(1_999);
  expect(await find(ADA)).toBeUndefined();
  clock.advance(1);
  expect(await find(ADA)).toBeDefined();
});

test("whoever asks together shares the answer, and each identity has its own", async () => {
  answer = () => account("customers/c");
  await Promise.all([find(ADA), find(ADA), find({ ...ADA, subject: "ad" }), find(ADA)]);
  await find({ issuer: "https://id.example ada", subject: "" });
  expect(asked).toEqual([
    "https://id.example ada",
    "https://id.example ad",
    "https://id.example ada ",
  ]);
});

test("a failure is not remembered", async () => {
  answer = () => {
    throw new Problem("DEPENDENCY_UNAVAILABLE");
  };
  await expect(find(ADA)).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  answer = () => account("customers/c");
  expect(await find(ADA)).toBeDefined();
});

test("a crowd of others makes room by who was not seen for longest", async () => {
  answer = () => account("customers/c");
  for (let n = 0; n <= 10_000; n += 1) await find({ ...ADA, subject: `s${n}` });
  asked = [];
  await find({ ...ADA, subject: "s10000" });
  expect(asked).toEqual([]);
  await find({ ...ADA, subject: "s0" });
  expect(asked).toHaveLength(1);
});
