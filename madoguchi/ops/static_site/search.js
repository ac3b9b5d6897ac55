// The search of a copy without a server: pairs of characters, looked up in small files. It makes the same pairs as
// ops/static_site/indexing.py. Everything is put in as text, never as HTML.
"use strict";
(() => {
  const SHARDS = 64;
  // What one can use comes before what the budget paid for.
  const PREFERRED = { programme: 2, desk: 1.5, event: 1.5 };
  const found = document.getElementById("found");
  const asked = new URLSearchParams(location.search);
  const query = (asked.get("q") || "").slice(0, 200);
  const root = new URL("..", location.href);

  const fold = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

  const pairsOf = (text) => {
    const pairs = new Set();
    for (const run of fold(text).split(/[^\p{L}\p{N}]+/u)) {
      const characters = Array.from(run);
      for (let at = 0; at + 1 < characters.length; at += 1) pairs.add(characters[at] + characters[at + 1]);
    }
    return [...pairs];
  };

  const shardOf = (pair) => Array.from(pair).reduce((sum, c) => sum + c.codePointAt(0), 0) % SHARDS;
  const load = async (name) => {
    const answer = await fetch(`index/${name}.json`);
    if (!answer.ok) throw new Error(name);
    return answer.json();
  };

  const scores = async (pairs, documents) => {
    const names = [...new Set(pairs.map(shardOf))];
    const shards = new Map(await Promise.all(
      names.map(async (shard) => [shard, await load(String(shard).padStart(2, "0"))])));
    const total = new Map();
    const matched = new Map();
    let whole = 0;
    for (const pair of pairs) {
      const places = shards.get(shardOf(pair))[pair] || [];
      if (!places.length) continue;
      const rarity = Math.log(1 + documents.length / (1 + places.length));
      whole += rarity;
      for (const [number, weight] of places) {
        total.set(number, (total.get(number) || 0) + weight * rarity * (PREFERRED[documents[number].type] || 1));
        matched.set(number, (matched.get(number) || 0) + rarity);
      }
    }
    // Endings and particles are in every text: what is rare says what somebody looks for.
    const least = 0.4 * whole;
    return [...total].filter(([number]) => matched.get(number) >= least).sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([number]) => number);
  };

  const show = (hits) => {
    const list = document.createElement("ul");
    list.className = "linklist";
    for (const hit of hits) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = new URL(hit.url.slice(1), root).href;
      link.textContent = hit.name;
      const summary = document.createElement("span");
      summary.className = "sub";
      summary.textContent = hit.summary;
      item.append(link, document.createElement("br"), summary);
      list.append(item);
    }
    const count = document.createElement("p");
    count.setAttribute("role", "status");
    count.textContent = hits.length ? found.dataset.count.replace("{n}", hits.length) : found.dataset.none;
    found.replaceChildren(count, list);
  };

  const search = async () => {
    const documents = await load("documents");
    const kinds = asked.getAll("kind");
    const purposes = asked.getAll("purpose");
    const pairs = pairsOf(query);
    let numbers = documents.map((_, number) => number);
    if (pairs.length) numbers = await scores(pairs, documents);
    else if (query.trim()) numbers = numbers.filter((number) => fold(documents[number].name).includes(fold(query.trim())));
    const any = (wanted, held) => !wanted.length || wanted.some((code) => held.includes(code));
    show(numbers.map((number) => documents[number])
      .filter((hit) => any(kinds, hit.kinds) && any(purposes, hit.purposes)).slice(0, 100));
  };

  document.getElementById("q").value = query;
  if (query.trim() || asked.has("kind") || asked.has("purpose")) {
    search().catch(() => { found.textContent = found.dataset.failed; });
  }
})();
