// Looks through PLACES (search-index.js) for all words that were typed. A word is found where a word begins with it,
// or a part of a name such as the `versions` of `model_versions`; accents and capitals do not count.
(() => {
  const MOST = 40;
  const AROUND = 90;
  const field = document.querySelector("input[type=search]");
  const status = document.getElementById("site-status");
  const list = document.getElementById("site-results");

  // Each character stays as long as it was, so that a place in the folded text is one in the text.
  const fold = (text) => text.replace(/[^\x00-\x7f]/gu, (one) => {
    const plain = one.normalize("NFKD").replace(/\p{M}/gu, "");
    return plain.length === one.length ? plain : one;
  }).toLowerCase();
  const index = PLACES.map((place) => ({ ...place, folded: [place.title, place.heading, place.text].map(fold) }));

  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const pattern = (word) => new RegExp((/^[\p{L}\p{N}]/u.test(word) ? "(?<![\\p{L}\\p{N}])" : "") + escaped(word), "gu");

  // 0 when a word is nowhere; a title counts more than a heading, a heading more than the text.
  const score = (place, words) => {
    let sum = 0;
    for (const word of words) {
      const [title, heading, text] = place.folded.map((part) => (part.match(word) || []).length);
      if (!title && !heading && !text) return 0;
      sum += 8 * Math.min(title, 1) + 5 * Math.min(heading, 1) + Math.min(text, 5);
    }
    return sum;
  };

  // The text around the first hit, with all hits marked.
  const excerpt = (place, words) => {
    const folded = place.folded[2];
    const hits = words.flatMap((word) => [...folded.matchAll(word)].map((hit) => [hit.index, hit.index + hit[0].length]));
    hits.sort((one, other) => one[0] - other[0]);
    const first = hits.length ? hits[0][0] : 0;
    let from = Math.max(0, first - AROUND);
    while (from > 0 && folded[from - 1] !== " ") from--;
    let to = Math.min(folded.length, first + 2 * AROUND);
    while (to < folded.length && folded[to] !== " ") to++;
    const paragraph = document.createElement("p");
    paragraph.append(from > 0 ? "… " : "");
    let at = from;
    for (const [start, end] of hits) {
      if (start < at || end > to) continue;
      const mark = document.createElement("mark");
      mark.textContent = place.text.slice(start, end);
      paragraph.append(place.text.slice(at, start), mark);
      at = end;
    }
    paragraph.append(place.text.slice(at, to), to < folded.length ? " …" : "");
    return paragraph;
  };

  const item = (place, words) => {
    const link = document.createElement("a");
    link.href = place.url;
    link.textContent = place.heading === place.title ? place.title : `${place.title}: ${place.heading}`;
    const entry = document.createElement("li");
    entry.append(link, excerpt(place, words));
    return entry;
  };

  const search = () => {
    const typed = field.value.trim();
    const words = fold(typed).split(/\s+/).filter(Boolean).map(pattern);
    const found = words.length ? index.map((place) => [score(place, words), place]).filter(([points]) => points) : [];
    found.sort((one, other) => other[0] - one[0]); // a stable sort: what is equal stays in the order of the course
    list.replaceChildren(...found.slice(0, MOST).map(([, place]) => item(place, words)));
    if (!words.length) status.textContent = "Type a word into the field at the top.";
    else if (!found.length) status.textContent = `Nothing holds “${typed}”. Try fewer words, or the beginning of one.`;
    else {
      const all = found.length === 1 ? "1 place holds" : `${found.length} places hold`;
      status.textContent = `${all} “${typed}”${found.length > MOST ? `; these are the first ${MOST}` : ""}.`;
    }
  };

  field.value = new URLSearchParams(location.search).get("q") || "";
  field.addEventListener("input", search);
  search();
})();
