// A worker: one world that runs in slices and tells what it records, so that nothing ever waits for it. It ends with it.
import { inNumbers } from "./store.js";
import { makeWorld } from "./world.js";

// a message to itself, so that messages from the page come in between two slices
const channel = new MessageChannel();
let wake = null;
channel.port1.onmessage = () => wake?.();
const pause = () => new Promise((resolve) => {
  wake = resolve;
  channel.port2.postMessage(0);
});

function tell(kind, more = {}, given = []) {
  postMessage({ kind, ...more }, given);
}

function tellRecords(told) {
  const records = inNumbers(told);
  tell("records", records, [records.rows.buffer, records.paid.buffer, records.micro.buffer]);
}

const verbs = {
  // a world from its founding to its end
  async live(world, wish) {
    const isFollowing = Boolean(wish.follow);
    const status = world.start(wish);
    tell("begun", { status });
    while (!world.isOver()) {
      const until = performance.now() + 12;
      do world.step(1);
      while (performance.now() < until && !world.isOver());
      if (isFollowing) tell("life", { life: world.life() });
      else tellRecords(world.records());
      await pause();
    }
    tell("rest", { status: world.status(), receipt: isFollowing ? [] : world.receipt() });
  },
  // the hash of the state at the beginning of a tick
  async proof(world, wish, tick) {
    world.start(wish);
    while (world.tick() < tick) world.step(1);
    tell("proof", { tick, hash: world.stateHash() });
  },
};

onmessage = async ({ data: { verb, module, wish, tick } }) => {
  try {
    await verbs[verb](makeWorld(module), wish, tick);
  } catch (error) {
    tell("refused", { words: error.message, cause: error.kind ?? "bug" });
  }
};
