// A world of the page: a worker while it is simulated, and what it has told. A worker that has told all ends, and gives
// its memory back: what is shown is kept here.
import { EVERY, FLOWS, History, METRICS } from "./store.js";

/** Text of the worker, put here when the page is built. */
const SOURCE = WORKER_SOURCE;
let address = null;

export class PageWorld {
  /** `changed` is called whenever something was told; `refused` with words when something cannot be done. */
  constructor(module, { changed, refused, lived }) {
    address ??= URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
    Object.assign(this, { module, changed, refused, lived });
    this.history = new History();
    this.isResting = false;
    this.life = null;
    this.worker = null;
  }

  /** Begins a worker for a wish; what an older one is still doing is given up. */
  begin(message, hear) {
    const worker = new Worker(address);
    worker.onmessage = ({ data }) => hear(data, worker);
    worker.onerror = (event) => this.refused(event.message);
    worker.postMessage({ module: this.module, ...message });
    return worker;
  }

  /** Simulates a scenario. */
  live(files, scenario, { follow } = {}) {
    const wish = { files, scenario, metrics: METRICS, flows: FLOWS };
    if (follow) wish.follow = follow;
    this.wish = wish;
    this.end();
    this.isResting = false;
    this.life = null;
    this.history.clear();
    this.worker = this.begin({ verb: "live", wish }, (data, worker) => {
      if (worker !== this.worker) return;
      const { history } = this;
      if (data.kind === "begun") {
        history.regions = data.status.regions;
        history.status = data.status;
      } else if (data.kind === "records") history.take(data);
      else if (data.kind === "life") this.life = data.life;
      else if (data.kind === "rest") {
        this.isResting = true;
        history.status = data.status;
        history.receipt = data.receipt;
        this.end();
        this.lived?.();
      } else this.refused(data.words);
      this.changed();
    });
  }

  /** Ends the worker, and gives its memory back. */
  end() {
    this.worker?.terminate();
    this.worker = null;
  }

  /** The fingerprint of the state after a record. */
  fingerprint(n) {
    return new Promise((resolve) => {
      this.begin({ verb: "proof", wish: this.wish, tick: (n + 1) * EVERY }, (data, worker) => {
        worker.terminate();
        if (data.kind === "proof") resolve(data);
        else this.refused(data.words);
      });
    });
  }
}
