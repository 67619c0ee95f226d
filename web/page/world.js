// A world: the compiled engine with its texts made into values. Used by the page's workers and by the tests.

/** What the engine says of a call that it did not do. `kind` is "input" or "bug". */
export class Refused extends Error {
  constructor(code, words) {
    super(words);
    this.kind = code === 2 ? "input" : "bug";
  }
}

export function makeWorld(module) {
  const engine = new WebAssembly.Instance(module).exports;
  const said = () => new TextDecoder().decode(new Uint8Array(engine.memory.buffer, engine.said(), engine.said_bytes()));
  const ask = (verb, ...numbers) => {
    let code;
    try {
      code = engine[verb](...numbers);
    } catch (trap) {
      // a panic ends the module; its words were left on the desk
      throw new Refused(70, `${trap.message}: ${said()}`);
    }
    if (code !== 0) throw new Refused(code, said());
    return said();
  };
  const hold = (wish) => {
    const bytes = new TextEncoder().encode(JSON.stringify(wish));
    const place = engine.hold(bytes.length);
    new Uint8Array(engine.memory.buffer, place, bytes.length).set(bytes);
  };
  return {
    start: (wish) => (hold(wish), JSON.parse(ask("start"))),
    change: (wish) => (hold(wish), JSON.parse(ask("change"))),
    rewind: (tick) => JSON.parse(ask("rewind", tick)),
    step: (ticks) => Number(ask("step", ticks)),
    tick: () => engine.tick(),
    isOver: () => engine.is_over() === 1,
    records: () => JSON.parse(ask("records")),
    receipt: () => JSON.parse(ask("receipt")),
    status: () => JSON.parse(ask("status")),
    stateHash: () => ask("state_hash"),
    life: () => JSON.parse(ask("life")),
  };
}
