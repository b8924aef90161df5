import type { Dice } from "./dice.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How messages fare, in shares of one. */
export interface Weather {
  /** Lost, or for streams: stuck for a while. */
  readonly lost: number;
  readonly doubled: number;
  /** Under way for much longer than usual, up to `slowMs`. */
  readonly slow: number;
  readonly slowMs: number;
}

export const FAIR: Weather = { lost: 0, doubled: 0, slow: 0, slowMs: 0 };

/** A direction of a stream: what is sent arrives in order, or not at all. */
export interface Lane {
  send(arrive: () => void): void;
}

/** Carries messages between machines, named by their names. Only chance decides how. */
export interface Network {
  weather: Weather;
  /** A message of its own: may be lost, doubled or overtaken. */
  send(from: string, to: string, arrive: () => void | Promise<void>): void;
  /** @param isOpen whether there is still somebody to hear; nothing is sent again for nobody */
  lane(from: string, to: string, isOpen: () => boolean): Lane;
  /** Nothing passes between two, or between one and all, until it is healed. */
  cut(one: string, other: string | undefined): () => void;
  /** What goes to one takes so many milliseconds longer until it is healed. */
  delay(to: string, ms: number): () => void;
}

const SENT_AGAIN_MS = 300;

export function network(time: VirtualTime, dice: Dice): Network {
  const cuts = new Set<readonly [string, string | undefined]>();
  const delays = new Map<string, number>();
  const isCut = (from: string, to: string): boolean => {
    for (const [one, other] of cuts)
      if ((one === from && (other ?? to) === to) || (one === to && (other ?? from) === from))
        return true;
    return false;
  };

  function delay(to: string): number {
    const usual = dice.between(0.2, 4) + (delays.get(to) ?? 0);
    return dice.happens(net.weather.slow) ? usual + dice.between(0, net.weather.slowMs) : usual;
  }

  const net: Network = {
    weather: FAIR,
    send: (from, to, arrive) => {
      const copies = dice.happens(net.weather.doubled) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        if (dice.happens(net.weather.lost)) continue;
        // Whether it gets through shows when it arrives, too: a cut falls on what is under way.
        if (!isCut(from, to)) time.in(delay(to), () => (isCut(from, to) ? undefined : arrive()));
      }
    },
    lane: (from, to, isOpen) => {
      const waiting: (() => void)[] = [];
      let free = 0;
      const move = (): void => {
        if (!isOpen()) return;
        if (isCut(from, to) || dice.happens(net.weather.lost)) {
          time.in(SENT_AGAIN_MS, move);
          return;
        }
        free = Math.max(free, time.now + delay(to));
        const [arrive] = waiting.splice(0, 1);
        time.in(free - time.now, () => {
          if (isOpen()) arrive?.();
        });
        if (waiting.length > 0) move();
      };
      return {
        send: (arrive) => {
          waiting.push(arrive);
          if (waiting.length === 1) move();
        },
      };
    },
    delay: (to, ms) => {
      delays.set(to, ms);
      return () => void delays.delete(to);
    },
    cut: (one, other) => {
      const cut = [one, other] as const;
      cuts.add(cut);
      return () => void cuts.delete(cut);
    },
  };
  return net;
}
