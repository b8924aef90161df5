import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, expectTypeOf, onTestFinished, test } from "vitest";
import { defineConfig } from "./config.ts";
import { envExample } from "./env-example.ts";
import { optional } from "./field.ts";
import {
  address,
  choice,
  duration,
  flag,
  fromFile,
  hexBytes,
  integer,
  ratio,
  secretFile,
  string,
  target,
  url,
} from "./fields.ts";
import { loadConfig, ConfigFault } from "./load-config.ts";
import { databaseFields } from "./standard-fields.ts";

const schema = defineConfig("BROKER", {
  redisUrl: url({ doc: "Redis", schemes: ["redis", "rediss"] }),
  fence: duration({ doc: "Fence", default: "12s" }),
  pool: optional(integer({ doc: "Pool", min: 1, max: 10 })),
  root: hexBytes(2, { doc: "Root" }),
  token: secretFile({ doc: "Token" }),
});

const given = {
  BROKER_REDIS_URL: "redis://x",
  BROKER_ROOT: "beef",
  BROKER_TOKEN_FILE: "/t",
  PATH: "/bin",
  OTHER_X: "1",
};
const readFile = (path: string) => (path === "/t" ? "secret\n" : raise());
function raise(): never {
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
}

test("settings are read by their names, with defaults, files and units", () => {
  const config = loadConfig(schema, given, readFile);
  expect(config).toEqual({
    redisUrl: "redis://x",
    fence: 12_000,
    pool: undefined,
    root: Uint8Array.of(0xbe, 0xef),
    token: "secret",
  });
  expect(Object.isFrozen(config)).toBe(true);
  expectTypeOf(config.pool).toEqualTypeOf<number | undefined>();
  expectTypeOf(config.fence).toEqualTypeOf<number>();
});

test("everything that is wrong is told at once", () => {
  const env = {
    BROKER_FENCE: "12",
    BROKER_POOL: "11",
    BROKER_TOKEN_FILE: "/gone",
    BROKER_POOLS: "1",
    LEASEHOLD_X: "1",
  };
  expect(() => loadConfig(schema, env, readFile)).toThrow(
    new ConfigFault([
      "BROKER_REDIS_URL is missing: Redis",
      "BROKER_FENCE must be a number with its unit: ms, s, m, h or d",
      "BROKER_POOL must be a whole number from 1 to 10",
      "BROKER_ROOT is missing: Root",
      "BROKER_TOKEN_FILE names a file that cannot be read (ENOENT): /gone",
      "BROKER_POOLS is not a setting",
      "LEASEHOLD_X is not a setting",
    ]),
  );
});

test("a secret that was given in place of its file is not told", () => {
  const secret = "q83vEjRWeJCrze8SNFZ4kA";
  expect(() => loadConfig(schema, { ...given, BROKER_TOKEN_FILE: secret }, readFile)).toThrow(
    new ConfigFault(["BROKER_TOKEN_FILE names a file that cannot be read (ENOENT)"]),
  );
});

test("what Kubernetes adds for a service of the same name is no mistake", () => {
  const links = {
    BROKER_SERVICE_HOST: "10.0.0.1",
    BROKER_SERVICE_PORT: "7403",
    BROKER_SERVICE_PORT_GRPC: "7403",
    BROKER_PORT: "tcp://10.0.0.1:7403",
    BROKER_PORT_7403_TCP: "tcp://10.0.0.1:7403",
    BROKER_PORT_7403_TCP_ADDR: "10.0.0.1",
  };
  expect(() => loadConfig(schema, { ...given, ...links }, readFile)).not.toThrow();
});

test("an empty variable counts as not given", () => {
  expect(
    loadConfig(schema, { ...given, BROKER_FENCE: "", BROKER_POOL: "" }, readFile),
  ).toMatchObject({
    fence: 12_000,
    pool: undefined,
  });
});

const doc = "x";
test.each([
  [string({ doc }), "a", "a"],
  [choice(["info", "warn"], { doc }), "warn", "warn"],
  [choice(["info", "warn"], { doc }), "loud", undefined],
  [integer({ doc }), "0", 0],
  [integer({ doc }), "-1", undefined],
  [integer({ doc }), "1e3", undefined],
  [integer({ doc }), " 1", undefined],
  [ratio({ doc }), "0.01", 0.01],
  [ratio({ doc }), "1", 1],
  [ratio({ doc }), "1.5", undefined],
  [ratio({ doc }), "NaN", undefined],
  [duration({ doc }), "250ms", 250],
  [duration({ doc }), "5m", 300_000],
  [duration({ doc }), "1h", 3_600_000],
  [duration({ doc }), "-1s", undefined],
  [duration({ doc }), "999999999h", undefined],
  [flag({ doc }), "on", true],
  [flag({ doc }), "yes", undefined],
  [url({ doc, schemes: ["http"] }), "http://a:1/b", "http://a:1/b"],
  [url({ doc, schemes: ["http"] }), "ftp://a", undefined],
  [url({ doc, schemes: ["http"] }), "not a url", undefined],
  [address({ doc }), "127.0.0.1:7401", "127.0.0.1:7401"],
  [address({ doc }), "[::1]:0", "[::1]:0"],
  [address({ doc }), "127.0.0.1", undefined],
  [address({ doc }), "127.0.0.1:65536", undefined],
  [target({ doc }), "dns:///issuer:7401", "dns:///issuer:7401"],
  [target({ doc }), "issuer", undefined],
  [fromFile(hexBytes(1, { doc })), "ff", Uint8Array.of(255)],
  [hexBytes(1, { doc }), "fg", undefined],
])("row %#: a $form field reads $1", (field, text, value) => {
  const read = field.read(text);
  expect("value" in read ? read.value : undefined).toEqual(value);
});

test("the example names every setting, and asks only for those that must be given", () => {
  expect(envExample(schema)).toBe(
    [
      "# Redis (redis|rediss://…)\nBROKER_REDIS_URL=\n",
      "# Fence (duration)\n# BROKER_FENCE=12s\n",
      "# Pool (number)\n# BROKER_POOL=\n",
      "# Root (4 hexadecimal digits)\nBROKER_ROOT=\n",
      "# Token (path)\nBROKER_TOKEN_FILE=\n",
    ].join("\n"),
  );
});

test.each(["postgres://app:canary@db/x", "postgresql://app@db/x?password=canary"])(
  "a password in the environment is refused, and not told",
  (url) => {
    const schema = defineConfig("BROKER", databaseFields());
    const load = () => loadConfig(schema, { BROKER_DATABASE_URL: url }, readFile);
    expect(load).toThrow(
      new ConfigFault(["BROKER_DATABASE_URL holds a password: give it in a file"]),
    );
  },
);

test("passwords come from a file, one a line", () => {
  const schema = defineConfig("BROKER", databaseFields());
  const env = { BROKER_DATABASE_URL: "postgres://app@db/x", BROKER_DATABASE_PASSWORD_FILE: "/p" };
  expect(loadConfig(schema, env, () => "new\nold\n")).toMatchObject({
    databasePassword: ["new", "old"],
  });
});

test.runIf(process.platform !== "win32")(
  "a file that anybody may write is refused, one that anybody may read is not",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "leasehold-config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "token");
    writeFileSync(file, "secret\n");
    const env = { ...given, BROKER_TOKEN_FILE: file };
    chmodSync(file, 0o644);
    expect(loadConfig(schema, env)).toMatchObject({ token: "secret" });
    chmodSync(file, 0o646);
    expect(() => loadConfig(schema, env)).toThrow(
      new ConfigFault([`BROKER_TOKEN_FILE names a file that anybody may write: ${file}`]),
    );
  },
);
