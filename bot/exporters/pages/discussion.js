// Pages, order, search and previews of a discussion. Without this script it is one long page.
(() => {
  "use strict";
  const PAGE = 25;
  const find = (id) => document.getElementById(id);
  const main = find("posts");
  const posts = [...main.children];
  const place = new Map(posts.map((post, index) => [post.id, index]));
  const pagers = document.querySelectorAll("nav.pages");
  const search = find("search");
  const preview = find("preview");
  // What is shown: `newest` first, or oldest; `page` from 0; all on one page where `whole`.
  let view = { newest: false, page: 0, whole: false, words: "" };

  // ---- what is shown -----------------------------------------------------------------------

  function found() {
    const wanted = fold(view.words).split(/\s+/).filter(Boolean);
    const chosen = wanted.length
      ? posts.filter((post) => wanted.every((word) => searchable(post).includes(word)))
      : posts;
    return view.newest ? chosen.toReversed() : chosen;
  }

  function show() {
    const chosen = found();
    const size = view.whole ? Math.max(chosen.length, 1) : PAGE;
    const pages = Math.max(Math.ceil(chosen.length / size), 1);
    view.page = Math.min(view.page, pages - 1);
    const first = view.page * size;
    const shown = chosen.slice(first, first + size);
    hidePreview();
    main.classList.toggle("paged", !view.whole);
    main.replaceChildren(...shown);
    shown.forEach(prepare);
    highlight();
    const range = shown.length ? `${first + 1}-${first + shown.length} of ` : "";
    const which = view.words ? "posts found" : "posts in this discussion";
    find("showing").textContent = `Showing ${range}${chosen.length.toLocaleString("en")} ${which}`;
    find("oldest").setAttribute("aria-pressed", String(!view.newest));
    find("newest").setAttribute("aria-pressed", String(view.newest));
    find("whole").setAttribute("aria-pressed", String(view.whole));
    for (const pager of pagers) drawPager(pager, pages);
  }

  function drawPager(pager, pages) {
    const button = (label, page, name) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.disabled = page < 0 || page >= pages;
      if (name) made.setAttribute("aria-label", name);
      if (page === view.page) made.setAttribute("aria-current", "page");
      made.addEventListener("click", () => {
        change({ page });
        main.focus({ preventScroll: true });
        find("showing").scrollIntoView();
      });
      return made;
    };
    const near = (page) => page === 0 || page === pages - 1 || Math.abs(page - view.page) <= 2;
    const parts = [button("‹ Previous", view.page - 1)];
    for (let page = 0; page < pages; page++) {
      if (near(page)) parts.push(button(String(page + 1), page, `Page ${page + 1}`));
      else if (near(page - 1)) parts.push("…");
    }
    parts.push(button("Next ›", view.page + 1));
    pager.replaceChildren(...parts);
    pager.hidden = pages === 1;
  }

  function change(changes) {
    view = { ...view, ...changes };
    show();
    remember();
  }

  // ---- the reader's own time, and a button that previews what a post answers ----------------

  const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  function localTimes(within) {
    for (const time of within.querySelectorAll("time:not([title])")) {
      time.title = time.textContent;
      time.textContent = clock.format(new Date(time.dateTime));
    }
  }

  function prepare(post) {
    if (post.dataset.ready) return;
    post.dataset.ready = "yes";
    localTimes(post);
    const parent = post.querySelector("a.parent");
    if (!parent) return;
    const peek = document.createElement("button");
    peek.type = "button";
    peek.className = "peek";
    peek.textContent = "▾";
    peek.setAttribute("aria-label", "Preview the post that this answers");
    peek.setAttribute("aria-expanded", "false");
    parent.after(peek);
  }

  // ---- previews: on hover or focus of the link, or by its button -----------------------------

  let previewed = null;
  let leaving = 0;

  function showPreview(link) {
    clearTimeout(leaving);
    if (previewed === link) return;
    hidePreview();
    const target = posts[place.get(link.hash.slice(1))];
    if (!target) return;
    prepare(target);
    const copy = target.cloneNode(true);
    for (const extra of copy.querySelectorAll("footer, .peek, .back, .history")) extra.remove();
    for (const named of [copy, ...copy.querySelectorAll("[id]")]) named.removeAttribute("id");
    copy.removeAttribute("aria-labelledby");
    copy.classList.remove("reached");
    preview.replaceChildren(copy);
    preview.hidden = false;
    const at = link.getBoundingClientRect();
    const size = preview.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - size.width - 8));
    const below = at.bottom + 4 + size.height <= innerHeight || at.top < size.height;
    preview.style.left = `${left + scrollX}px`;
    preview.style.top = `${(below ? at.bottom + 4 : at.top - size.height - 4) + scrollY}px`;
    link.setAttribute("aria-describedby", "preview");
    link.nextElementSibling?.setAttribute("aria-expanded", "true");
    previewed = link;
  }

  function hidePreview() {
    clearTimeout(leaving);
    if (!previewed) return;
    previewed.removeAttribute("aria-describedby");
    previewed.nextElementSibling?.setAttribute("aria-expanded", "false");
    previewed = null;
    preview.hidden = true;
  }

  function leaveSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hidePreview, 250);
  }

  const parentLink = (event) => event.target.closest?.("a.parent");
  // A pointer at rest, under which other posts come to lie, asks for no preview.
  let rest = "";
  const hasMoved = (event) => rest !== (rest = `${event.screenX} ${event.screenY}`);
  main.addEventListener("pointerover", (event) => {
    const link = parentLink(event);
    if (hasMoved(event) && link && event.pointerType === "mouse") showPreview(link);
  });
  document.addEventListener("pointermove", hasMoved);
  main.addEventListener("pointerout", (event) => {
    if (parentLink(event) && event.pointerType === "mouse") leaveSoon();
  });
  main.addEventListener("focusin", (event) => {
    const link = parentLink(event);
    if (link?.matches(":focus-visible")) showPreview(link);
  });
  main.addEventListener("focusout", (event) => {
    if (parentLink(event)) leaveSoon();
  });
  preview.addEventListener("pointerover", () => clearTimeout(leaving));
  preview.addEventListener("pointerleave", leaveSoon);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hidePreview();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#preview, .peek")) hidePreview();
  });

  // ---- jumping to another post, and back -----------------------------------------------------

  function remember() {
    history.replaceState({ ...view, y: scrollY }, "");
  }

  function reveal(id, from) {
    if (!place.has(id)) return false;
    const chosen = found();
    let index = chosen.indexOf(posts[place.get(id)]);
    if (index < 0) {
      view.words = search.value = "";
      index = found().indexOf(posts[place.get(id)]);
    }
    view.page = view.whole ? 0 : Math.floor(index / PAGE);
    show();
    const post = find(id);
    for (const old of document.querySelectorAll(".reached")) old.classList.remove("reached");
    for (const post of posts) post.querySelector(".back")?.remove();
    post.classList.add("reached");
    if (from && from !== id) {
      const back = document.createElement("p");
      back.className = "back";
      const link = document.createElement("a");
      link.href = `#${from}`;
      link.textContent = `↩ Back to post ${from.replace("post-", "")}`;
      back.append(link);
      post.querySelector("header").append(back);
    }
    post.scrollIntoView({ behavior: "instant" });
    post.focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#post-']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const id = link.hash.slice(1);
    if (!place.has(id)) return;
    event.preventDefault();
    remember();
    history.pushState(null, "", link.hash);
    reveal(id, (previewed ?? link).closest("article[id]")?.id);
    remember();
  });
  addEventListener("popstate", (event) => {
    if (event.state) {
      const { y, ...before } = event.state;
      view = before;
      search.value = view.words;
      show();
      scrollTo({ top: y, behavior: "instant" });
    } else {
      reveal(location.hash.slice(1));
    }
  });

  // ---- search ----------------------------------------------------------------------------------

  const texts = new WeakMap();
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // The texts of a post that may be found: what a spoiler hides must not be found out by search.
  function* textNodes(post) {
    for (const part of post.querySelectorAll(".author, .text, .note, .files")) {
      if (part.closest(".history")) continue;
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
        node.nodeType === Node.ELEMENT_NODE && node.matches(".spoiler")
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT);
      while (walker.nextNode()) {
        if (walker.currentNode.nodeType === Node.TEXT_NODE) yield walker.currentNode;
      }
    }
  }

  function searchable(post) {
    if (!texts.has(post)) texts.set(post, fold([...textNodes(post)].map((node) => node.data).join(" ")));
    return texts.get(post);
  }

  function highlight() {
    if (!window.Highlight || !CSS.highlights) return;
    const words = view.words.toLowerCase().split(/\s+/).filter(Boolean);
    const ranges = [];
    for (const post of words.length ? main.children : []) {
      for (const node of textNodes(post)) {
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue;
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ words: search.value.trim(), page: 0 }), 150);
  });

  // ---- the other controls ----------------------------------------------------------------------

  find("oldest").addEventListener("click", () => change({ newest: false, page: 0 }));
  find("newest").addEventListener("click", () => change({ newest: true, page: 0 }));
  find("whole").addEventListener("click", () => change({ whole: !view.whole, page: 0 }));
  main.addEventListener("click", (event) => {
    const peek = event.target.closest(".peek");
    if (!peek) return;
    if (previewed === peek.previousElementSibling) hidePreview();
    else showPreview(peek.previousElementSibling);
  });
  main.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = [...main.children];
    const here = shown.indexOf(event.target.closest("article"));
    shown[Math.min(Math.max(here + step, 0), shown.length - 1)]?.focus();
  });

  const theme = find("theme");
  const isDark = () =>
    (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });

  // On paper stands all of it, in its order.
  addEventListener("beforeprint", () => main.replaceChildren(...posts));
  addEventListener("afterprint", show);

  history.scrollRestoration = "manual";
  localTimes(document.querySelector("header.top"));
  find("zone").textContent = `shown in your own zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  find("controls").hidden = find("keys").hidden = false;
  nameTheme();
  if (!reveal(location.hash.slice(1))) show();
})();
