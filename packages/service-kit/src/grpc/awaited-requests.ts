import { clientNetwork } from "./client-network.ts";

/** Calls of which there are only the headers yet. */
export interface AwaitedRequests {
  /**
   * One more, from this address.
   * @returns to be called when its request is there, or never will be; `undefined` if too many of the
   *   same network are awaited
   */
  await(address: string | undefined): (() => void) | undefined;
}

/**
 * Counts the requests that are awaited of each network. Whoever means to be answered sends the request
 * with the headers, so a crowd of clients behind one address has few at a time, while one who only
 * begins calls would take every place that there is.
 */
export function awaitedRequests(mostEach: number): AwaitedRequests {
  const counts = new Map<string, number>();
  return {
    await: (address = "") => {
      const network = clientNetwork(address);
      const count = counts.get(network) ?? 0;
      if (count >= mostEach) return undefined;
      counts.set(network, count + 1);
      let over = false;
      return () => {
        if (over) return;
        over = true;
        const left = (counts.get(network) ?? 0) - 1;
        if (left > 0) counts.set(network, left);
        else counts.delete(network);
      };
    },
  };
}
