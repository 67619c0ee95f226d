// A world of the page: its worker, and what it has told so far.
import { EVERY, FLOWS, History, METRICS } from "./store.js";

/** Text of the worker, put here when the page is built. */
const SOURCE = WORKER_SOURCE;
let address = null;

export class PageWorld {
  /** `changed` is called whenever something was told; `refused` with words when something cannot be done. */
  constructor(module, { changed, refused, lived }) {
    address ??= URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
    this.history = new History();
    this.isResting = false;
    this.life = null;
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data }) => {
      const { history } = this;
      if (data.kind === "begun") {
        history.regions = data.status.regions;
        history.status = data.status;
        if (data.tick < 0) history.clear();
        else history.cut(data.tick);
        history.regions = data.status.regions;
        this.life = null;
        this.isResting = false;
      } else if (data.kind === "records") history.take(data);
      else if (data.kind === "life") this.life = data.life;
      else if (data.kind === "proof") this.proof?.(data);
      else if (data.kind === "rest") {
        this.isResting = true;
        history.status = data.status;
        history.receipt = data.receipt;
        lived?.();
      } else refused(data.words);
      changed();
    };
    this.worker.onerror = (event) => refused(event.message);
    this.worker.postMessage({ verb: "module", module });
  }

  /** Simulates a scenario: from the last day on that it shares with the one before, unless it is to be a new world. */
  live(files, scenario, { follow, until, isNew, keep = 65 } = {}) {
    const wish = { files, scenario, metrics: METRICS, flows: FLOWS, keep_every: keep };
    if (follow) wish.follow = follow;
    this.isResting = false;
    this.worker.postMessage({ verb: "wish", wish, until, isNew });
  }

  /** Ends it, and gives its memory back. */
  end() {
    this.worker.terminate();
  }

  /** The fingerprint of the state after a record. */
  fingerprint(n) {
    return new Promise((resolve) => {
      this.proof = resolve;
      this.worker.postMessage({ verb: "proof", tick: (n + 1) * EVERY });
    });
  }
}
