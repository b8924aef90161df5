/** One request to a peer, relative to its URL. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a peer is asked; everything that a floating-license server must be able to do. */
export interface HttpAdapter {
  /** Claims a seat for a holder that has none, number `holder`. */
  claim(holder: number): HttpCall;
  /** @returns what the claim is called; throws if the answer (of a status below 400) grants none */
  granted(body: string): string;
  heartbeat(claim: string): HttpCall;
  release(claim: string): HttpCall;
}
