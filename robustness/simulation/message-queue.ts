/** What arrives on a stream, for somebody who reads it with `for await`. */
export class MessageQueue<Message> {
  readonly #waiting: Message[] = [];
  #end: { readonly failure: Error | undefined } | undefined;
  #wake: (() => void) | undefined;

  push(message: Message): void {
    if (this.#end) return;
    this.#waiting.push(message);
    this.#wake?.();
  }

  /** Ends the stream after what has arrived: well, or with a failure. */
  end(failure?: Error): void {
    this.#end ??= { failure };
    this.#wake?.();
  }

  /** Ends the stream at once. */
  abort(failure: Error): void {
    this.#waiting.length = 0;
    this.end(failure);
  }

  async *read(): AsyncGenerator<Message, void, undefined> {
    for (;;) {
      const [message] = this.#waiting.splice(0, 1);
      if (message !== undefined) yield message;
      else if (this.#end?.failure) throw this.#end.failure;
      else if (this.#end) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
