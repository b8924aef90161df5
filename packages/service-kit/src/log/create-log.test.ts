import { expect, test } from "vitest";
import { Problem } from "@leasehold/kernel";
import { createLog } from "./create-log.ts";

function lines(): { write(line: string): void; readonly written: string[] } {
  const written: string[] = [];
  return { written, write: (line) => void written.push(line) };
}

test("an entry is one line of JSON with its level by name", () => {
  const to = lines();
  createLog({ service: "issuer", level: "info", to }).info({ address: "x" }, "serving");
  expect(to.written).toHaveLength(1);
  expect(JSON.parse(to.written[0]!)).toMatchObject({
    level: "info",
    service: "issuer",
    address: "x",
    msg: "serving",
  });
});

test.each(["\x1b[2Ka", "\u009b2Ka", "a\u202Eb", "a\u2066b", "a\u200bb", "a\u007fb", "\uFEFFa"])(
  "text %j stands in its line for all to see, and moves no terminal",
  (text) => {
    const to = lines();
    createLog({ service: "issuer", level: "info", to }).info({ text }, text);
    expect(to.written[0]?.trimEnd()).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(to.written[0]!)).toMatchObject({ text, msg: text });
  },
);

test.each(["a\nb", "a\r\nb", "a\u2028b", "a\u0085b", "\ud800", 'a","level":"error'])(
  "text %j cannot break out of its line",
  (text) => {
    const to = lines();
    createLog({ service: "issuer", level: "info", to }).info({ text }, text);
    const [line = ""] = to.written;
    expect(line.trimEnd().split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ level: "info" });
  },
);

const canaries = {
  jwt: "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
  bearer: "Bearer canary-secret-1",
  invitation: "lh_inv_canary-canary-canary-1",
  key: "2CANA-RYCAN-ARYCA-NARYC-ANARY",
  url: "postgres://app:canarypassword@db/x",
  cache: "redis+sentinel://:canarypassword@s1:1,s2/seats",
};

test.each(Object.entries(canaries))("a %s is not written, wherever it stands", (_, secret) => {
  const to = lines();
  const log = createLog({ service: "issuer", level: "info", to });
  log.info({ note: `saw ${secret} here` }, `and ${secret} there`);
  log.error({ err: new Error(`bad ${secret}`, { cause: new Error(secret) }) }, "x");
  expect(to.written.join("")).not.toMatch(/canary|CANA/i);
});

test.each(["token", "productKey", "product_key", "authorization", "password", "email", "host"])(
  "the fact %s is never written, however deep it stands",
  (name) => {
    const to = lines();
    createLog({ service: "issuer", level: "info", to }).info(
      { [name]: "canary", deep: [{ deeper: { [name]: "canary" } }] },
      "x",
    );
    expect(to.written[0]).not.toContain("canary");
    expect(to.written[0]).toMatch(/\[(secret|personal)\]/);
  },
);

test("of bytes a log tells how many there are", () => {
  const to = lines();
  const bytes = Buffer.from("canary");
  createLog({ service: "issuer", level: "info", to }).info({ bytes, of: [bytes] }, "x");
  expect(JSON.parse(to.written[0]!)).toMatchObject({ bytes: "[6 bytes]", of: ["[6 bytes]"] });
});

test("facts that hold themselves are told to a depth", () => {
  const to = lines();
  const facts: Record<string, unknown> = { event: "x", note: "seen" };
  facts["itself"] = facts;
  createLog({ service: "issuer", level: "info", to }).info(facts, "x");
  expect(JSON.parse(to.written[0]!)).toMatchObject({ event: "x", itself: { note: "seen" } });
});

test("what drivers hang on their errors is left out, causes are told", () => {
  const to = lines();
  const driver = Object.assign(new Error("duplicate key"), {
    code: "23505",
    detail: "Key (mac)=(canary)",
    parameters: ["canary"],
  });
  createLog({ service: "issuer", level: "info", to }).error(
    { err: new Problem("INTERNAL", { cause: driver }) },
    "x",
  );
  const { err } = JSON.parse(to.written[0]!) as {
    err: { reason: string; cause: { code: string; stack: string } };
  };
  expect(err).toMatchObject({ reason: "INTERNAL", cause: { code: "23505" } });
  expect(err.cause.stack).toContain("duplicate key");
  expect(to.written[0]).not.toContain("canary");
});
