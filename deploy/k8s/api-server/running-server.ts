import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import {
  freePort,
  guardedFolder,
  startGuarded,
  until,
} from "../../../packages/testkit/src/index.ts";
import type { Binaries } from "./binaries.ts";

/** An API server of Kubernetes on the loopback, with nothing behind it: it judges objects, and runs none. */
export interface ApiServer extends AsyncDisposable {
  /** For `kubectl --kubeconfig`: may do everything. */
  readonly kubeconfig: string;
}

const START_LIMIT_MS = 300_000;

/** Starts etcd and an API server; resolves when it is ready. Nothing of it outlives its disposal, or this process. */
export async function startApiServer(binaries: Binaries): Promise<ApiServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("api-server"));
  const [store, peer, port] = [await freePort(), await freePort(), await freePort()];
  const start = async (command: string, args: readonly string[]) =>
    stack.use(await startGuarded({ command, args, env: {}, stopSignal: "SIGTERM" }));
  await start(binaries.etcd, etcdArguments(folder.path, store, peer));
  const token = randomBytes(24).toString("hex");
  writeCredentials(folder.path, token);
  const server = await start(binaries.apiServer, serverArguments(folder.path, store, port));
  const url = `https://127.0.0.1:${port}`;
  await until("the API server is ready", START_LIMIT_MS, async () => {
    if (server.ending !== undefined)
      throw new Error(`the API server ${server.ending}:\n${server.lines(20).join("\n")}`);
    return (await isReady(url, token)) ? true : undefined;
  });
  const authority = join(folder.path, "certificates", "apiserver.crt");
  if (!existsSync(authority)) throw new Error(`there is no ${authority}`);
  const kubeconfig = join(folder.path, "kubeconfig");
  writeFileSync(kubeconfig, JSON.stringify(configOf(url, authority, token)), { mode: 0o600 });
  const letGo = stack.move();
  return { kubeconfig, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

function etcdArguments(folder: string, store: number, peer: number): readonly string[] {
  const [client, other] = [`http://127.0.0.1:${store}`, `http://127.0.0.1:${peer}`];
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${other}`,
    `--initial-advertise-peer-urls=${other}`,
    `--initial-cluster=default=${other}`,
    "--unsafe-no-fsync", // what is in it is forgotten anyway
  ];
}

function serverArguments(folder: string, store: number, port: number): readonly string[] {
  const key = join(folder, "accounts.pem");
  return [
    `--etcd-servers=http://127.0.0.1:${store}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, "certificates")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${key}`,
    `--service-account-key-file=${key}`,
    "--endpoint-reconciler-type=none",
  ];
}

/** Who may do everything, and what tokens of accounts would be signed with. */
function writeCredentials(folder: string, token: string): void {
  writeFileSync(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, {
    mode: 0o600,
  });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "sec1", format: "pem" });
  writeFileSync(join(folder, "accounts.pem"), pem, { mode: 0o600 });
}

/** Its certificate is not known before it has made it; all that is asked here is whether it answers. */
function isReady(url: string, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } };
    get(`${url}/readyz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });
}

function configOf(server: string, authority: string, token: string) {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "here", cluster: { server, "certificate-authority": authority } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "here", context: { cluster: "here", user: "admin" } }],
    "current-context": "here",
  };
}
