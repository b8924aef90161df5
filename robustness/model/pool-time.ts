import { type Data, EXPIRED, BORROWED, LIVE, type RedisNode, type View } from "./state.ts";
import type { World } from "./world.ts";

// The gate's part that has to do with time: lib/gate.lua, and a broker's view of a clock.

/** Reads the clock. Whoever finds it elsewhere than expected vouches for it since now only. */
export function look({ rules }: World, { ahead }: RedisNode, view: View): void {
  if (view.ahead === ahead) return;
  if (rules.peak) {
    const before = -view.ahead;
    view.peak = view.hasPeak ? Math.min(view.peak, before) : before;
    view.hasPeak = view.peak + ahead < 0 ? 1 : 0;
    if (!view.hasPeak) view.peak = 0;
  }
  view.ahead = ahead;
  if (rules.trustAnew) view.trusted = -ahead;
}

/** A broker that just connected knows nothing of before. */
export function lookFirst({ ahead }: RedisNode, view: View): void {
  Object.assign(view, { ahead, trusted: -ahead, peak: 0, hasPeak: 0 });
}

/** Whether a script finds the clock where its caller takes it to be; neither LATE nor CLOCK. */
export function isExpected({ bounds, rules }: World, { ahead }: RedisNode, view: View): boolean {
  return !rules.estimate || Math.abs(ahead - view.ahead) <= bounds.tolerance;
}

/** Lets the time of the pool go on to now, less what nobody vouches for. */
export function goOn({ bounds, rules, even }: World, node: RedisNode, view: View): void {
  if (even) return;
  const { data, ahead } = node;
  const sinceSeen = data.seen + ahead;
  if (view.hasPeak && view.peak + ahead < 0) turn(data, view.peak);
  if (sinceSeen < 0) {
    data.seen = -ahead;
    return;
  }
  // The time counts no further than its caller takes the clock to be.
  const unexpected = rules.noFurtherThanExpected ? Math.max(0, ahead - view.ahead) : 0;
  const goesOn = sinceSeen - unexpected;
  if (goesOn < 0) return;
  data.seen = unexpected - ahead;
  const vouchedFor = Math.max(0, view.trusted + ahead - unexpected);
  if (data.hasTurned && data.turned + ahead >= -2 * bounds.tolerance) data.hasTurned = 0;
  else pass(data, rules.vouching ? Math.min(goesOn, vouchedFor) : goesOn);
  if (!data.hasTurned) data.turned = 0;
}

/** Keeps the latest TIME there was before the clock stepped back. */
function turn(data: Data, latest: number): void {
  data.turned = data.hasTurned ? Math.min(data.turned, latest) : latest;
  data.hasTurned = 1;
}

/** So many ticks of the pool's time pass. */
export function pass(data: Data, ticks: number): void {
  data.fence = Math.max(0, data.fence - ticks);
  data.learn = Math.max(0, data.learn - ticks);
  for (const [id, lease] of data.leases.entries())
    if (lease >= LIVE && lease !== BORROWED)
      data.leases[id] = lease - ticks >= LIVE ? lease - ticks : EXPIRED;
}
