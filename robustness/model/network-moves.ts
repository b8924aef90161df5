import { call } from "./broker-calls.ts";
import { FAULTS } from "./bounds.ts";
import type { Emit } from "./emit.ts";
import { leaseName, redisName } from "./names.ts";
import { copyData, copyState, type State, STRAY_ACQUIRE, STRAY_RENEW } from "./state.ts";
import type { World } from "./world.ts";

const DUPLICATES = FAULTS.indexOf("duplicates");

/** Messages that nobody waits for arrive, twice perhaps, or get lost; a primary replicates. */
export function networkMoves(world: World, s: State, emit: Emit): void {
  for (const i of s.strays.keys()) {
    for (const [n, { accepts }] of s.nodes.entries()) {
      if (!accepts) continue;
      for (let broker = 0; broker < world.bounds.brokers; broker += 1) {
        arrive(world, s, { i, n, broker }, false, emit);
        if ((s.budget[DUPLICATES] ?? 0) > 0) arrive(world, s, { i, n, broker }, true, emit);
      }
    }
    const next = copyState(s);
    next.strays.splice(i, 1);
    emit(`a late ${wordOf(s, i)} is lost`, next);
  }
  replicate(s, emit);
}

function arrive(
  world: World,
  s: State,
  at: { readonly i: number; readonly n: number; readonly broker: number },
  again: boolean,
  emit: Emit,
): void {
  const stray = s.strays[at.i];
  if (!stray) return;
  const next = copyState(s);
  const { outcome, violation } = call(world, next, at, stray);
  if (again) next.budget[DUPLICATES] = (next.budget[DUPLICATES] ?? 0) - 1;
  else next.strays.splice(at.i, 1);
  const times = again ? ", and will arrive again" : "";
  emit(
    `a late ${wordOf(s, at.i)} arrives at ${redisName(at.n)}: ${outcome}${times}`,
    next,
    violation,
  );
}

function wordOf(s: State, i: number): string {
  const stray = s.strays[i];
  if (!stray) return "";
  const words: Record<number, string> = { [STRAY_ACQUIRE]: "acquire", [STRAY_RENEW]: "heartbeat" };
  return `${words[stray.kind] ?? "release"} of ${leaseName(stray.id)}`;
}

function replicate(s: State, emit: Emit): void {
  const from = s.nodes[s.primary];
  const to = s.nodes[s.primary + 1];
  if (!s.linked || !from?.accepts || !to) return;
  const next = copyState(s);
  const copy = next.nodes[s.primary + 1];
  if (!copy) return;
  copy.data = copyData(from.data);
  emit(`${redisName(s.primary)} replicates`, next);
}
