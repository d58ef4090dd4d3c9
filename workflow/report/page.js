"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const make = (tag, text = "", properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, properties);
  const put = (node, ...children) => { node.replaceChildren(...children); return node; };

  // Tables: sorting, search, and the choice of readings
  const number = (text) => {
    const found = /^[*<]*([-+−]?[\d,]*\.?\d+)/.exec(text.trim());
    return found ? parseFloat(found[1].replace(/,/g, "").replace("−", "-")) : null;
  };
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x !== null && y !== null) return x - y;
    return x === null && y === null ? a.localeCompare(b) : x === null ? 1 : -1;
  };
  const sort = (table, head, place) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    all("th", table).forEach((cell) => cell.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const text = (row) => row.cells[place].textContent;
    const rows = [...table.tBodies[0].rows].sort((a, b) => (up ? 1 : -1) * compare(text(a), text(b)));
    table.tBodies[0].append(...rows);
  };
  const sortable = (table) => all("thead th", table).forEach((head, place) => {
    const button = make("button", head.textContent, { type: "button" });
    button.addEventListener("click", () => sort(table, head, place));
    put(head, button);
  });
  const tables = all("table.data");
  tables.forEach(sortable);

  const search = one("#search"), count = one("#count"), reading = one("#reading");
  const kinds = [...new Set(all("[data-reading]").map((node) => node.dataset.reading))];
  reading.append(...kinds.map((kind) => new Option(kind)));
  reading.parentElement.hidden = kinds.length < 2;
  const families = [["plain", "average of the orders"], ["as run", "as written", "sound"]];
  const show = () => {
    const words = search.value.toLowerCase().trim(), chosen = reading.value;
    const rivals = (families.find((family) => family.includes(chosen)) ?? []).filter((kind) => kind !== chosen);
    all("[data-reading]").forEach((node) => {
      node.hidden = rivals.includes(node.dataset.reading);
      if (node.tagName === "DETAILS") node.open = node.dataset.reading === chosen;
    });
    let found = 0;
    all("details.stage").forEach((stage) => {
      let here = 0;
      all("table.data tbody tr", stage).forEach((row) => {
        const other = rivals.includes(row.dataset.reading);
        row.hidden = other || !row.textContent.toLowerCase().includes(words);
        here += row.hidden ? 0 : 1;
      });
      stage.hidden = Boolean(words) && !here;
      if (words) stage.open = here > 0;
      found += here;
    });
    count.textContent = words ? `${found} ${found === 1 ? "row" : "rows"}` : "";
  };
  [search, reading].forEach((node) => node.addEventListener("input", show));
  one("#fold").addEventListener("click", () => {
    const stages = all("details.stage"), open = stages.some((stage) => !stage.open);
    stages.forEach((stage) => { stage.open = open; });
  });
  addEventListener("beforeprint", () => all("details").forEach((node) => { node.open = true; }));
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1)), stage = target?.closest("details");
    if (!stage) return;
    stage.open = true;
    target.scrollIntoView(); // unfolded, the page is longer
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Explorer
  const source = one("#data");
  if (!source) return;
  let data;
  const kind = one("#x-kind"), group = one("#x-group"), what = one("#x-what"), order = one("#x-order");
  const hints = one("#x-hints"), out = one("#x-out");
  const isSurvey = () => kind.value === "question";
  const here = () => (isSurvey() ? data.surveys : data.cultures)[group.value];
  const names = () => {
    if (isSurvey()) return here().questions.map((question) => `${question.id} ${question.wording}`);
    if (kind.value === "cue") return here().cues.map((cue) => data.words[cue.cue]);
    return (here().responses ??= [...new Set(here().cues.flatMap((cue) => cue.people.map(([word]) => word)
      .concat(...cue.lists)))].sort((a, b) => a - b).map((word) => data.words[word]));
  };
  const suggest = () => {
    const words = what.value.toLowerCase();
    const fit = names().filter((name) => name.toLowerCase().includes(words)).slice(0, 50);
    put(hints, ...fit.map((name) => new Option(name)));
  };

  const word = (place, shared, planted, more = "") => {
    const item = make("li");
    item.append(make(shared ? "mark" : "span", data.words[place]), planted ? " ✦" : "", more);
    return item;
  };
  const card = (title, about, items) => {
    const box = make("div");
    box.append(make("h3", title), make("small", about), put(make("ul"), ...items));
    return box;
  };
  const showCue = (cue) => {
    const people = new Set(cue.people.map(([place]) => place)), planted = new Set(cue.planted);
    const given = cue.people.slice(0, 40).map(([place, times]) => word(place, false, planted.has(place), ` ${times}`));
    const cards = here().arms.map((arm, place) => {
      const list = cue.lists[place], shared = list.filter((each) => people.has(each)).length;
      const items = list.map((each) => word(each, people.has(each), planted.has(each)));
      return card(arm, list.length ? `${shared} of ${list.length} words also from people` : "no words", items);
    });
    const about = `${given.length} most frequent of ${people.size} responses, with counts`;
    put(out, put(make("div", "", { className: "cards" }), card("People", about, given), ...cards));
  };

  const table = (header, rows) => {
    const made = make("table", "", { className: "data" });
    const line = (cells, tag) => put(make("tr"), ...cells.map((cell) => (cell.nodeType ? put(make(tag), cell) : make(tag, cell))));
    made.append(put(make("thead"), line(header, "th")), put(make("tbody"), ...rows.map((row) => line(row, "td"))));
    sortable(made);
    return put(make("div", "", { className: "scroll wrapped", tabIndex: 0, role: "group", ariaLabel: "Result" }), made);
  };
  const showResponse = (name) => {
    const place = data.words.indexOf(name), { arms, cues } = here();
    const rows = cues.flatMap((cue) => {
      const times = cue.people.find(([each]) => each === place)?.[1];
      const saying = arms.filter((_, arm) => cue.lists[arm].includes(place));
      if (!times && !saying.length) return [];
      const planted = cue.planted.includes(place) ? " ✦" : "";
      return [[data.words[cue.cue] + planted, times ?? "-", `${saying.length} of ${arms.length}`, saying.join("; ") || "-"]];
    });
    put(out, make("p", `In ${rows.length} of ${cues.length} held-out cues.`),
      table(["Cue", "People who gave it", "Arms", "Which"], rows));
  };

  const bar = (share) => {
    const cell = make("span", share === null ? "-" : `${(share / 10).toFixed(1)} %`);
    const drawn = make("span", "", { className: "bar" });
    drawn.style.width = `${(share ?? 0) / 12}px`;
    cell.append(drawn);
    return cell;
  };
  const mean = (orders) => orders[0].map((_, option) => orders.reduce((sum, each) => sum + each[option], 0) / orders.length);
  const showQuestion = (question) => {
    const rows = Object.entries(question.people).map(([name, shares]) => [`People, ${name}`, "-", ...shares.map(bar)]);
    question.answers.forEach((orders, arm) => {
      if (!orders.length) return;
      const lines = [["average", mean(orders)], ...orders.map((shares, place) => [place ? `order ${place + 1}` : "plain", shares])];
      lines.filter(([name]) => !order.value || name === order.value).forEach(([name, shares]) =>
        rows.push([here().arms[arm], name, ...shares.map(bar)]));
    });
    put(out, make("p", question.wording), table(["Who", "Order of options", ...question.options], rows));
  };

  const draw = () => {
    const place = names().indexOf(what.value);
    if (place < 0) put(out, make("p", `No ${kind.value} of this name: choose one of the suggestions.`));
    else if (kind.value === "cue") showCue(here().cues[place]);
    else if (kind.value === "response") showResponse(what.value);
    else showQuestion(here().questions[place]);
  };
  const begin = () => {
    what.value = names()[0] ?? "";
    suggest();
    draw();
  };
  const regroup = () => {
    put(group, ...(isSurvey() ? data.surveys : data.cultures).map(({ label }, place) => new Option(label, place)));
    const most = Math.max(1, ...data.surveys.flatMap(({ questions }) => questions.flatMap(({ answers }) => answers.map((each) => each.length))));
    const orders = ["average", "plain", ...Array.from({ length: most - 1 }, (_, place) => `order ${place + 2}`)];
    group.parentElement.hidden = group.options.length < 2;
    order.parentElement.hidden = !isSurvey() || most < 2;
    put(order, ...orders.map((name) => new Option(name)), new Option("every order", ""));
    begin();
  };
  kind.addEventListener("input", regroup);
  group.addEventListener("input", begin);
  order.addEventListener("input", draw);
  what.addEventListener("input", () => { suggest(); if (names().includes(what.value)) draw(); });
  what.addEventListener("change", draw);
  what.addEventListener("focus", () => what.select());
  one("#x-next").addEventListener("click", () => {
    const found = names();
    what.value = found[(found.indexOf(what.value) + 1) % found.length];
    draw();
  });
  requestAnimationFrame(() => setTimeout(() => { // after the first paint: the data can be large
    data = JSON.parse(source.textContent);
    if (!data.surveys.length) one("option[value=question]", kind).remove();
    regroup();
  }));
})();
