// Narrows the list of cases. The page is whole without it: the form is hidden until this runs.
(() => {
  "use strict";
  const form = document.getElementById("filter");
  const search = document.getElementById("f-search");
  const onlyFailed = document.getElementById("f-failed");
  const selects = [...form.querySelectorAll("select")];
  const told = form.querySelector("output");
  const passed = document.getElementById("passed");
  const cases = [...document.querySelectorAll("details.case")];
  const groups = [...document.querySelectorAll(".group")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (one) => {
    if (!texts.has(one)) {
      const parts = [...one.querySelectorAll(".text")].map((part) => part.textContent);
      texts.set(one, plain([one.id, ...parts].join("\n")));
    }
    return texts.get(one);
  };
  const fits = (one, words) =>
    !(onlyFailed.checked && "passed" in one.dataset) &&
    selects.every(({ value, dataset }) => value === "*" || tokens(one, dataset.field).includes(value)) &&
    words.every((word) => textOf(one).includes(word));
  const tokens = (one, field) => one.dataset[field].split(" ");

  const apply = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const narrowed = words.length > 0 || selects.some(({ value }) => value !== "*");
    let shown = 0;
    for (const one of cases) {
      one.hidden = !fits(one, words);
      shown += one.hidden ? 0 : 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("details.case:not([hidden])");
    if (passed) {
      passed.hidden = onlyFailed.checked || !passed.querySelector("details.case:not([hidden])");
      passed.open = narrowed;
    }
    told.textContent = told.dataset.words.replace("%n", shown).replace("%all", cases.length);
  };

  const openTarget = () => {
    const target = location.hash.startsWith("#case-") && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (passed && passed.contains(target)) passed.open = true;
    target.open = true;
    target.scrollIntoView();
  };

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", openTarget);
  form.hidden = false;
  apply();
  openTarget();
})();
