import { isIP } from "node:net";

/** The host of `host:port`, `[::1]:port`, or of a gRPC target such as `dns:///host:port`. */
export function hostOf(target: string): string {
  const endpoint = target.replace(/^(?:dns|ipv4|ipv6):(?:\/\/[^/]*\/)?/, "");
  const [first = ""] = endpoint.split(",");
  return /^\[(.*)\]/.exec(first)?.[1] ?? first.replace(/:\d+$/, "");
}

/** Whether what is sent there never leaves this machine. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "localhost" || host === "::1" || host.startsWith("unix:");
}
