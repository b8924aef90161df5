/*
 * `pnpm make-secrets <folder> --deployment <name> [--ceremony <folder>]`: everything secret that a deployment begins
 * with, each in a file of its own in `<folder>/secrets`, and `<folder>/.env` with what may be known. With `--ceremony`,
 * the root key, the key-encryption key and the pepper are those that `pnpm key-ceremony` made.
 *
 * Replaces nothing: if there is a folder of secrets, nothing is made. The folder can be entered by its owner only; the
 * files in it can be read by everybody, because containers run as nobody that this machine knows.
 */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeSecrets } from "../packages/dev-cluster/src/secrets.ts";
import { signingKey } from "../packages/license-format/src/index.ts";

const USAGE = "usage: make-secrets <folder> --deployment <name> [--ceremony <folder>]";
const OF_CEREMONY = ["trust-root-key", "key-encryption-key", "pepper"] as const;
const DATABASES = ["issuer", "activation", "seat-broker"] as const;

const password = () => randomBytes(24).toString("base64url");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The passwords of Redis' users. */
interface RedisPasswords {
  readonly seatBroker: string;
  readonly activation: string;
  readonly replica: string;
  readonly sentinel: string;
}

/** What each user of Redis may do, as docs/operations/redis.md has it. The passwords are there as digests only. */
function redisUsers(passwords: RedisPasswords): string {
  const user = (name: string, secret: string, rights: string) =>
    `user ${name} on #${sha256(secret)} resetchannels -@all ${rights}`;
  const mayWork =
    "+@read +@write +@scripting +@connection +info +ping +time +config|get -flushall -flushdb";
  return [
    "user default off",
    user("seat-broker", passwords.seatBroker, `~lease:* ${mayWork}`),
    user("activation", passwords.activation, `~unlock:* ${mayWork}`),
    user("replica", passwords.replica, "+psync +replconf +ping"),
    user(
      "sentinel",
      passwords.sentinel,
      "allchannels +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info +client|setname +client|kill +script|kill",
    ),
  ].join("\n");
}

/** The public half of the root key in a folder, as hexadecimal digits. */
function trustRootIn(secrets: string): string {
  const text = readFileSync(join(secrets, "trust-root-key"), "utf8").trim();
  return Buffer.from(signingKey("trust", Buffer.from(text, "hex")).publicKey).toString("hex");
}

async function make(folder: string, deployment: string, ceremony?: string): Promise<void> {
  const secrets = join(folder, "secrets");
  if (existsSync(secrets)) throw new Error(`there is ${secrets}: nothing was made`);
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  try {
    await makeSecrets(secrets);
    if (ceremony !== undefined)
      for (const name of OF_CEREMONY) copyFileSync(join(ceremony, name), join(secrets, name));
    const write = (name: string, text: string) =>
      writeFileSync(join(secrets, name), `${text}\n`, { mode: 0o600, flag: "wx" });
    write("postgres-password", password());
    for (const name of DATABASES) write(`${name}-database-password`, password());
    const passwords = {
      seatBroker: password(),
      activation: password(),
      replica: password(),
      sentinel: password(),
    };
    write("seat-broker-redis-password", passwords.seatBroker);
    write("activation-redis-password", passwords.activation);
    write("replica-password", passwords.replica);
    write("sentinel-password", passwords.sentinel);
    write("users.acl", redisUsers(passwords));
    const trustRoot = trustRootIn(secrets);
    write("trust-root", trustRoot);
    for (const name of readdirSync(secrets)) chmodSync(join(secrets, name), 0o444);
    writeFileSync(
      join(folder, ".env"),
      `LEASEHOLD_DEPLOYMENT=${deployment}\nLEASEHOLD_TRUST_ROOT=${trustRoot}\n`,
    );
    console.log(`trust root, to pin: ${trustRoot}`);
    console.log(`an administrator's bearer secret: ${join(secrets, "admin-token")}`);
  } catch (error) {
    rmSync(secrets, { recursive: true });
    throw error;
  }
}

try {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    options: { deployment: { type: "string" }, ceremony: { type: "string" } },
    allowPositionals: true,
  });
  const [folder, ...more] = positionals;
  const { deployment, ceremony } = values;
  if (
    folder === undefined ||
    more.length > 0 ||
    !deployment ||
    !/^[A-Za-z0-9.-]+$/.test(deployment)
  )
    throw new Error(USAGE);
  await make(folder, deployment, ceremony);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
