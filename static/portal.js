// When an update does not come through, says so beside the old amounts and to the screen reader, and asks again a little later.
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

// After Back, a browser may show the page as it first came, marked as it was left: what depends on the choice is asked for anew.
addEventListener("pageshow", () => setTimeout(() => {
  if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  document.querySelectorAll("[data-hx-trigger$=again]").forEach((part) => part.dispatchEvent(new Event("again")));
}));  // htmx, too, begins with a timer of its own
