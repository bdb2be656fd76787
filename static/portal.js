// Says on the page that an update did not come through, so that an old price is not taken for the new one.
document.addEventListener("htmx:error", () => {
  const line = document.getElementById("say");
  line.className = "warn";
  line.textContent = "通信できませんでした。表示されている金額や状況は、変更前のものかもしれません。";
});
