// htmx, which starts after this file, reads its settings here.
const CONFIG = '{"defaultTimeout":20000,"noSwap":[204,304,"5xx"]}';
document.head.append(Object.assign(document.createElement("meta"), { name: "htmx-config", content: CONFIG }));

// If an htmx update fails, show a warning beside the old amounts, tell the screen reader, and retry after a pause.
const TEXT = "通信できませんでした。ここに表示されている金額や状況は、変更前のものかもしれません。";
const SECONDS = 10;
let later;

document.addEventListener("htmx:error", ({ detail }) => detail.ctx && notUpdated(detail.ctx));
document.addEventListener("htmx:response:error", ({ detail }) => detail.ctx.response.status >= 500 && notUpdated(detail.ctx));

function notUpdated(ctx) {
  // A page that is being left says nothing: Firefox reports what it breaks off as an error.
  clearTimeout(later);
  later = setTimeout(warnOfOld, 100, ctx);
}

function warnOfOld({ target, sourceElement }) {
  later = setTimeout(() => sourceElement.dispatchEvent(new Event("again")), SECONDS * 1000);
  if (target.querySelector(".stale")) return;
  target.prepend(Object.assign(document.createElement("p"), { className: "warn stale", textContent: TEXT }));
  say(TEXT);
}

// On a phone, the total of the estimate beside the choices. While it may be an old one, nothing.
const bar = document.getElementById("sumbar");

function showSum() {
  const sum = document.querySelector("form:not(:has(.stale)) #estimate .total .num");
  bar.innerHTML = "";
  if (!sum) return;
  bar.innerHTML = '<span>合計 <b></b>（税込）</span> <a href="#estimate">内訳を見る</a>';
  bar.querySelector("b").textContent = sum.textContent;
}

if (bar) {
  showSum();
  new MutationObserver(showSum).observe(document.querySelector(".stick"), { childList: true, subtree: true });
}

// When a form was sent: an aborted estimate that arrives late must not replace a later choice.
const stamp = () => { const sent = document.getElementById("sent"); if (sent) sent.value = Date.now(); };
addEventListener("change", stamp, true);
addEventListener("submit", stamp, true);

// After Back, a browser may show the first HTML with the last form state, or the page as it was left, with what was not answered any more:
// reload the parts that depend on the choice, after htmx, which also starts with a timer.
addEventListener("pageshow", ({ persisted }) => setTimeout(() => {
  if (!persisted && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  clearTimeout(later);
  document.querySelectorAll("[data-hx-trigger$=again]").forEach((part) => part.dispatchEvent(new Event("again")));
}));

// Somebody is signed in: warn before the session ends, and empty a page that belongs to an earlier sign-in (Back after signing out).
const [cookie, left = 1740] = document.currentScript.dataset.me.split(" ");
// Seconds before the end.
const WARNING = 300;
const say = (text) => { document.getElementById("say").textContent = text; };
let ends = Date.now() + left * 1000, timer;

function check() {
  if (document.cookie.split("; ").includes(cookie)) return plan();
  document.body.textContent = "";
  location.reload();
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(warn, Math.max(0, ends - WARNING * 1000 - Date.now()));
}

function warn() {
  if (document.getElementById("session")) return;
  const box = Object.assign(document.createElement("div"), { id: "session", className: "errors" });
  box.innerHTML = '<p role="alert">まもなく、操作がないためログアウトします。</p><button type="button">ログインを続ける</button>';
  box.lastChild.onclick = () => goOn(box);
  document.getElementById("main").prepend(box);
}

async function goOn(box) {
  const answer = await fetch(/staff/.test(cookie) ? "/staff/session" : "/session", { redirect: "manual" }).catch(() => null);
  const seconds = answer?.ok ? Number(await answer.text()) : 0;
  if (seconds <= WARNING) {
    box.firstChild.textContent = seconds ? "このログインは、まもなく終わります。入力したものを送信してください。"
      : answer ? "もう一度ログインしてください。" : "通信できませんでした。もう一度押してください。";
    return;
  }
  ends = Date.now() + seconds * 1000;
  box.remove();
  say("ログインを続けています。");
  plan();
}

addEventListener("pageshow", check);
document.addEventListener("visibilitychange", () => document.hidden || check());
