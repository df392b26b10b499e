// The centre's procedures as the page has them: fetched once a version, indexed when first asked.

import { fetchProcedures } from "./agent.js";
import { buildIndex, search } from "./search.js";

export class Procedures {
  #following = false;
  #index = null;
  #asked = { key: null, found: [] };
  #table = { version: "", procedures: [] };

  // Follow the version that the view names; whether that changed anything. An answer that does
  // not come is asked for again.
  async follow(version) {
    if (version === undefined || version === this.#table.version || this.#following) return false;
    this.#following = true;
    try {
      this.#table = version ? await fetchProcedures() : { version, procedures: [] };
    } finally {
      this.#following = false;
    }
    this.#index = null;
    this.#asked.key = null;
    return true;
  }

  get some() {
    return this.#table.procedures.length > 0;
  }

  of(code) {
    return this.#table.procedures.find((one) => one.code === code) ?? null;
  }

  // Make the index now, in a moment that nobody waits for.
  prepare() {
    this.#index ??= buildIndex(this.#table.procedures);
  }

  find(query, language) {
    const key = `${language} ${query}`;
    if (this.#asked.key !== key) {
      this.prepare();
      this.#asked = { key, found: search(this.#index, query, language) };
    }
    return this.#asked.found;
  }
}
