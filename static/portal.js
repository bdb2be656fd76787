// If an htmx update fails, show a warning beside the old amounts, tell the screen reader, and retry after a pause.
const TEXT = "通信できませんでした。ここに表示されている金額や状況は、変更前のものかもしれません。";
const SECONDS = 10;
let later;

document.addEventListener("htmx:error", ({ detail }) => detail.ctx && notUpdated(detail.ctx));
document.addEventListener("htmx:response:error", ({ detail }) => detail.ctx.response.status >= 500 && notUpdated(detail.ctx));

function notUpdated({ target, sourceElement }) {
  clearTimeout(later);
  later = setTimeout(() => sourceElement.dispatchEvent(new Event("again")), SECONDS * 1000);
  if (target.querySelector(".stale")) return;
  target.prepend(Object.assign(document.createElement("p"), { className: "warn stale", textContent: TEXT }));
  document.getElementById("say").textContent = TEXT;
}

// When a form was sent: an aborted estimate that arrives late must not replace a later choice.
const stamp = () => { const sent = document.getElementById("sent"); if (sent) sent.value = Date.now(); };
addEventListener("change", stamp, true);
addEventListener("submit", stamp, true);

// After Back, a browser may show the first HTML with the last form state: reload the parts that depend on the choice.
addEventListener("pageshow", () => setTimeout(() => {
  if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  document.querySelectorAll("[data-hx-trigger$=again]").forEach((part) => part.dispatchEvent(new Event("again")));
}));  // after htmx, which also starts with a timer
