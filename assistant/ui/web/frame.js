// What every page needs: its language, Streamlit's own English words in Dutch, a navigation that says so.

const ATTRIBUTES = ["aria-label", "title", "placeholder"];

function translate(node, words) {
  if (node.nodeType === Node.TEXT_NODE) {
    const word = words[node.data];
    if (word) node.data = word;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const name of ATTRIBUTES) {
    const word = words[node.getAttribute(name)];
    if (word) node.setAttribute(name, word);
  }
  node.childNodes.forEach((child) => translate(child, words));
}

// Streamlit gives its theme's colours to components only; the page's own style sheet needs them as well.
function shareColours(element) {
  const theme = getComputedStyle(element);
  const colour = (name) => theme.getPropertyValue(`--st-${name}`);
  const { style } = document.documentElement;
  style.setProperty("--ww-page", colour("background-color"));
  style.setProperty("--ww-card", colour("secondary-background-color"));
  style.setProperty("--ww-accent", colour("primary-color"));
  style.setProperty("--ww-quiet", `color-mix(in srgb, ${colour("text-color")} 72%, ${colour("background-color")})`);
}

// Streamlit draws links in a plain box: the box becomes a navigation, and the link to this page says that it is.
function nameNavigation(name) {
  const box = document.querySelector(".st-key-nav-links");
  if (!box) return;
  if (box.getAttribute("role") !== "navigation") {
    box.setAttribute("role", "navigation");
    box.setAttribute("aria-label", name);
  }
  const here = location.pathname.replace(/\/+$/, "");
  box.querySelectorAll("a").forEach((link) => {
    const current = new URL(link.getAttribute("href") || "./", location.href).pathname.replace(/\/+$/, "") === here;
    if (current && link.getAttribute("aria-current") !== "page") link.setAttribute("aria-current", "page");
    if (!current && link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
  });
}

export default function ({ parentElement, data }) {
  document.documentElement.lang = "nl";
  shareColours(parentElement.querySelector("div"));
  const { words, navigation } = data;
  translate(document.body, words);
  nameNavigation(navigation);
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type !== "childList") translate(change.target, words);
      else change.addedNodes.forEach((node) => translate(node, words));
    }
    nameNavigation(navigation);
  });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ATTRIBUTES, characterData: true });
  return () => observer.disconnect();
}
