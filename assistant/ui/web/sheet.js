// A page of a document as a picture, in the width of its place or larger; stands behind dom.js in one module.

const shown = new WeakMap();

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".root");
  if (shown.get(root) === data.src) return;
  shown.set(root, data.src);
  const { labels } = data;
  const picture = el("img", { src: data.src, alt: data.alt, width: String(data.width), height: String(data.height) });
  const frame = el("div", { class: "frame", tabindex: "0", role: "group", "aria-label": data.caption }, picture);
  const size = el("button", { type: "button", class: "size", "aria-pressed": "false" }, labels.larger);
  size.addEventListener("click", () => {
    const large = frame.classList.toggle("large");
    size.setAttribute("aria-pressed", String(large));
    toMark();
  });
  const toMark = () => {
    const { top, left } = data.mark || { top: 0, left: 0 };
    frame.scrollTop = top * picture.clientHeight - frame.clientHeight / 3;
    frame.scrollLeft = left * picture.clientWidth - frame.clientWidth / 4;
  };
  picture.addEventListener("load", toMark);
  root.replaceChildren(
    said("p", { class: "caption" }, data.caption),
    el("div", { class: "under" }, el("p", {}, data.note), size),
    frame,
  );
}
