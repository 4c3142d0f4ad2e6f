// Makes nodes. Every string from questions and documents goes into the page as a text node; nothing is parsed as markup.

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") node.append(child);
  }
  return node;
}

// Text from outside, kept apart from the direction and the order of the words around it.
function said(tag, attributes, text) {
  return el(tag, { dir: "auto", ...attributes }, text);
}

// Stored text: a single line end stands before a list item, which gets a bullet that is not part of the text.
function stored(text) {
  return text.split(/(\n+)/).flatMap((part) => (part === "\n" ? [part, el("span", { class: "bullet" })] : [part]));
}

function link(url, text, labels, name) {
  if (!/^https?:\/\//i.test(url)) return null;
  const label = name ? `${text}: ${name} (${labels.newTab})` : `${text} (${labels.newTab})`;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", "aria-label": label }, text);
}

// Give the focus back when the dialog that a button opened has closed: Streamlit does not see into this component.
function afterDialog(button) {
  let open = false;
  const observer = new MutationObserver(() => {
    const there = document.querySelector('[role="dialog"]') !== null;
    if (open && !there) {
      observer.disconnect();
      setTimeout(() => button.focus({ preventScroll: true }), 50);
    }
    open = open || there;
  });
  observer.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => open || observer.disconnect(), 30000);
}
