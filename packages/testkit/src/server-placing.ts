/** How the servers of a set differ from plain ones. Servers with data are numbered from 0. */
export interface ServerPlacing {
  /** Path of a shared library that is loaded into a server with data before all others. */
  readonly preload?: (server: number) => string | undefined;
  /**
   * Opens a way to a port of a server with data: for commands, or the one where other nodes of a cluster
   * talk to it. Others find it only there, and come from addresses of their own: see `sourceOf`.
   * @returns the port of the way
   */
  readonly way?: (port: number, server: number, what: "commands" | "bus") => Promise<number>;
  /** Who else may log in at every server, with the same password and all rights. */
  readonly users?: readonly string[];
}

/** Where a server comes from on the ways to others; clients come from 127.0.0.1. */
export function sourceOf(kind: "data" | "sentinel", server: number): string {
  return `127.0.${kind === "data" ? 1 : 2}.${server + 1}`;
}

/** Lines of a server's configuration: who else may log in, and where it comes from. */
export function placingSettings(
  { users = [], way }: ServerPlacing,
  password: string,
  source: string,
): readonly string[] {
  return [
    ...users.map((user) => `user ${user} on >${password} ~* &* +@all`),
    ...(way === undefined ? [] : [`bind-source-addr ${source}`]),
  ];
}
