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
  key: "2CANA-RYCAN-ARYCA-NARYC-ANARY",
  url: "postgres://app:canarypassword@db/x",
};

test.each(Object.entries(canaries))("a %s is not written, wherever it stands", (_, secret) => {
  const to = lines();
  const log = createLog({ service: "issuer", level: "info", to });
  log.info({ note: `saw ${secret} here` }, `and ${secret} there`);
  log.error({ err: new Error(`bad ${secret}`, { cause: new Error(secret) }) }, "x");
  expect(to.written.join("")).not.toMatch(/canary|CANA/i);
});

test.each(["token", "productKey", "authorization", "password"])(
  "the fact %s is never written",
  (name) => {
    const to = lines();
    createLog({ service: "issuer", level: "info", to }).info(
      { [name]: "canary", deep: { [name]: "canary" } },
      "x",
    );
    expect(to.written[0]).not.toContain("canary");
  },
);

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
