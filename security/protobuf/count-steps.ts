import { BinaryReader } from "@bufbuild/protobuf/wire";

/** Counts what decoders read, so that one which goes round and round is noticed without a clock. */
export interface StepCount extends Disposable {
  /** Fields read since the last question. */
  taken(): number;
}

/** Until disposal, every decoder is counted; one that reads more than `most` fields of one input is stopped. */
export function countSteps(most: number): StepCount {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the reader as `this`
  const { tag } = BinaryReader.prototype;
  let steps = 0;
  BinaryReader.prototype.tag = function counted(this: BinaryReader) {
    steps += 1;
    if (steps > most) throw new TooManySteps();
    return tag.call(this);
  };
  return {
    taken: () => {
      const told = steps;
      steps = 0;
      return told;
    },
    [Symbol.dispose]: () => {
      BinaryReader.prototype.tag = tag;
    },
  };
}

/** A decoder that was stopped. */
export class TooManySteps extends Error {
  override readonly name = "TooManySteps";
}
