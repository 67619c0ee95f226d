// A worker: one world that runs in slices and tells what it records, so that nothing ever waits for it.
import { makeWorld } from "./world.js";

let world = null;
let run = 0; // number of the wish that is being simulated; older ones stop by themselves
let goal = Infinity; // tick at which to rest
let isFollowing = false;

// a message to itself, so that messages from the page come in between two slices
const channel = new MessageChannel();
let wake = null;
channel.port1.onmessage = () => wake?.();
const pause = () => new Promise((resolve) => {
  wake = resolve;
  channel.port2.postMessage(0);
});

function tell(kind, more = {}) {
  postMessage({ kind, run, ...more });
}

async function live(mine) {
  while (mine === run && !world.isOver() && world.tick() < goal) {
    const until = performance.now() + 12;
    do world.step(1);
    while (performance.now() < until && !world.isOver() && world.tick() < goal);
    if (isFollowing) tell("life", { life: world.life(), tick: world.tick() });
    else tell("records", { ...world.records(), tick: world.tick(), isOver: world.isOver() });
    await pause();
  }
  if (mine === run) tell("rest", { status: world.status(), receipt: isFollowing ? [] : world.receipt() });
}

const verbs = {
  module({ module }) {
    world = makeWorld(module);
  },
  // a new law for the same people, or a new world
  async wish({ wish, until, isNew }) {
    run += 1;
    goal = until ?? Infinity;
    isFollowing = Boolean(wish.follow);
    const isBegun = !isNew && world.tick() > -1000000 && !isFollowing;
    const status = isBegun ? world.change(wish) : world.start(wish);
    tell("begun", { status, tick: status.tick });
    await live(run);
  },
  // goes on to a later tick
  async until({ until }) {
    run += 1;
    goal = until ?? Infinity;
    tell("begun", { status: world.status(), tick: world.tick() });
    await live(run);
  },
  // the hash of the state at the beginning of a tick; the world then goes on from there
  async proof({ tick }) {
    run += 1;
    world.rewind(tick);
    tell("proof", { tick, hash: world.stateHash() });
    await live(run);
  },
};

onmessage = async ({ data }) => {
  try {
    await verbs[data.verb](data);
  } catch (error) {
    tell("refused", { words: error.message, cause: error.kind ?? "bug" });
  }
};
