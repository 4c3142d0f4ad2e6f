// What the page as a whole needs: its language, Streamlit's own English words in Dutch, and a voice for new answers.

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
  style.setProperty("--ww-accent", colour("primary-color"));
  style.setProperty("--ww-quiet", `color-mix(in srgb, ${colour("text-color")} 72%, ${colour("background-color")})`);
}

export default function ({ parentElement, data }) {
  document.documentElement.lang = "nl";
  shareColours(parentElement.querySelector("[role=status]"));
  const status = parentElement.querySelector("[role=status]");
  if (status.dataset.turn !== String(data.turn)) {
    status.dataset.turn = data.turn;
    status.textContent = "";
    setTimeout(() => (status.textContent = data.announce), 150);
  }
  const { words } = data;
  translate(document.body, words);
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type !== "childList") translate(change.target, words);
      else change.addedNodes.forEach((node) => translate(node, words));
    }
  });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ATTRIBUTES, characterData: true });
  return () => observer.disconnect();
}
