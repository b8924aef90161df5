import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { createCertificateAuthority } from "@leasehold/dev-certificates";
import { type ServiceKind, SERVICES } from "@leasehold/dev-cluster/parts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS } from "../version/version.ts";
import { type Startable, startable } from "./startable.ts";

// `--check-config` tells all that is wrong with the settings of a service, no secret, and touches nothing.

let place: Startable;
beforeAll(async () => {
  place = await startable();
});
afterAll(() => place[Symbol.asyncDispose]());

const TIMEOUT = { timeout: 120_000 };
const HOUR_MS = 3_600_000;

async function check(kind: ServiceKind, settings: Readonly<Record<string, string>>) {
  return place.end(kind, await place.environment(kind, settings), "--check-config");
}

async function fileWith(content: string): Promise<string> {
  const path = join(place.folder, randomBytes(8).toString("hex"));
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

test.each(KINDS)(
  "%s: settings that can be used are, and nobody is called",
  TIMEOUT,
  async (kind) => {
    let calls = 0;
    await using server = createServer(() => void (calls += 1)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const stores = kind === "issuer" ? {} : { REDIS_URL: `redis://127.0.0.1:${port}` };
    const settings = { DATABASE_URL: `postgres://me@127.0.0.1:${port}/db`, ...stores };
    const { code, text } = await check(kind, settings);
    expect({ code, text }).toEqual({ code: "exit code 0", text: "the configuration is usable" });
    expect(calls).toBe(0);
  },
);

test.each(KINDS)("%s: every fault is told at once, and no secret", TIMEOUT, async (kind) => {
  const canary = randomBytes(16).toString("hex");
  const authority = await createCertificateAuthority();
  const past = { notBefore: Date.now() - 2 * HOUR_MS, notAfter: Date.now() - HOUR_MS };
  const { certificate, key } = await authority.issue({ hosts: ["127.0.0.1"], ...past });
  const { code, text } = await check(kind, {
    LISTEN: "nowhere",
    DATABASE_URL: `postgres://me:${canary}@127.0.0.1/db`,
    BEARER_TOKENS_FILE: canary,
    DRAIN: "soon",
    TYPO: "1",
    TLS_CERTIFICATE_FILE: await fileWith(certificate),
    TLS_KEY_FILE: await fileWith(key),
    TRUST_DOMAIN: "leasehold.example",
  });
  const { prefix } = SERVICES[kind];
  expect(code).toBe("exit code 78");
  for (const fault of [
    "LISTEN must be host:port",
    "DATABASE_URL holds a password: give it in a file",
    "BEARER_TOKENS_FILE names a file that cannot be read (ENOENT)",
    "DRAIN must be a number with its unit",
    "TYPO is not a setting",
    `TLS_CERTIFICATE_FILE ended at ${new Date(Math.floor(past.notAfter / 1_000) * 1_000).toISOString()}`,
    "SERVICE_CERTIFICATE_FILE is missing: ",
    "TRUST_NAMESPACE is missing: ",
  ])
    expect(text).toContain(`  ${prefix}_${fault}`);
  expect(text).not.toContain(canary);
});

test(
  "the issuer: a key that is not its certificate's, and successions that lead nowhere",
  TIMEOUT,
  async () => {
    const authority = await createCertificateAuthority();
    const [one, other] = [await authority.issue({}), await authority.issue({})];
    const tls = {
      TLS_CERTIFICATE_FILE: await fileWith(one.certificate),
      TLS_KEY_FILE: await fileWith(other.key),
    };
    const settings = { ...tls, ROOT_SUCCESSIONS_FILE: await fileWith("no.root.succession") };
    const { code, text } = await check("issuer", settings);
    expect(code).toBe("exit code 78");
    expect(text).toMatch(/ {2}ISSUER_TLS_CERTIFICATE_FILE is not usable: .*mismatch/);
    expect(text).toContain(
      "  ISSUER_ROOT_SUCCESSIONS_FILE is not usable: a root succession is none of this deployment",
    );
  },
);

test(
  "activation and seat-broker: another service that would be called in plaintext",
  TIMEOUT,
  async () => {
    const { code, text } = await check("seat-broker", {
      ACTIVATION_ADDRESS: "dns:///activation:7412",
    });
    expect(code).toBe("exit code 78");
    expect(text).toContain("  SEAT_BROKER_ACTIVATION_ADDRESS is not loopback: transport security");
    const plain = { ISSUER_ADDRESS: "issuer.example:7411", PLAINTEXT: "on" };
    expect(await check("activation", plain)).toMatchObject({ code: "exit code 0" });
  },
);
