// A button after each field for a new password that shows what is typed, and hides it again.
document.querySelectorAll("[autocomplete=new-password]").forEach((field) => {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "パスワードを表示する" });
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", field.id);
  button.onclick = () => {
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", isShown);
    field.focus();
  };
  field.form.addEventListener("submit", () => { field.type = "password"; });  // so that no browser keeps it as typed text
  field.after(button);
});
