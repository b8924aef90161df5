import { clientMoves } from "./client-moves.ts";
import { durableMoves } from "./durable-moves.ts";
import type { Emit } from "./emit.ts";
import { faultMoves } from "./fault-moves.ts";
import { networkMoves } from "./network-moves.ts";
import { recoveryMoves } from "./recovery-moves.ts";
import type { State } from "./state.ts";
import { tick } from "./tick.ts";
import type { World } from "./world.ts";

/** Everything that may happen next. */
export function moves(world: World, s: State, emit: Emit): void {
  clientMoves(world, s, emit);
  networkMoves(world, s, emit);
  recoveryMoves(world, s, emit);
  durableMoves(world, s, emit);
  faultMoves(world, s, emit);
  emit("a tick passes", tick(world, s));
}
