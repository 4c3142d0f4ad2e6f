// Says new answers to a screen reader.

export default function ({ parentElement, data }) {
  const status = parentElement.querySelector("[role=status]");
  if (status.dataset.turn === String(data.turn)) return;
  status.dataset.turn = data.turn;
  status.textContent = "";
  setTimeout(() => (status.textContent = data.announce), 150);
}
