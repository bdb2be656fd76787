// Single keys of staff's list of waiting money, only while the focus is in it: j and k go from line to line, u to the undo of the last press.
const list = document.getElementById("lines");
list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const lines = [...list.querySelectorAll(".go")];
  const row = event.target.closest("tr");
  const now = lines.findIndex((line) => row.contains(line));
  const to = { j: lines[now + 1], k: lines[now - 1] }[event.key];
  if (to) to.focus();
  if (event.key === "u") document.getElementById("undo")?.click();
});
