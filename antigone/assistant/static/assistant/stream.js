// Shows a model's answer as it is written and verified. Without this file the form does the same in one go.
"use strict";
(() => {
  const language = document.documentElement.lang;
  const words = language === "fr"
    ? { writing: "La réponse s’écrit…", stop: "Arrêter", stopped: "Arrêté. La réponse est incomplète et n’est pas gardée.", failed: "La réponse s’est interrompue. Posez la question à nouveau." }
    : { writing: "The answer is being written…", stop: "Stop", stopped: "Stopped. The answer is incomplete and is not kept.", failed: "The answer broke off. Ask the question again." };

  const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);

  // Server-sent events out of a POST's body: EventSource can only GET.
  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      waiting += value;
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop();
      for (const block of blocks) {
        const lines = block.split("\n");
        yield {
          name: lines.find((line) => line.startsWith("event: "))?.slice(7),
          data: lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n"),
        };
      }
    }
  }

  function showProgress(form, question) {
    const article = make("article", { className: "said read" });
    const answer = make("div", { className: "answer" });
    answer.setAttribute("aria-live", "polite");
    const status = make("p", { className: "small", textContent: words.writing });
    status.setAttribute("role", "status");
    const stop = make("button", { type: "button", className: "button quiet", textContent: words.stop });
    article.append(make("h2", { className: "question", textContent: question }), answer, status, stop);
    form.before(article);
    // One answer at a time: what can be done now is to stop.
    form.querySelector("button").disabled = true;
    stop.focus({ preventScroll: true });
    return { article, answer, status, stop };
  }

  async function ask(form, event) {
    const question = form.elements.question.value.trim();
    if (!question) return;
    event.preventDefault();
    const shown = showProgress(form, question);
    const abort = new AbortController();
    shown.stop.addEventListener("click", () => abort.abort());
    try {
      const response = await fetch(form.dataset.stream, { method: "POST", body: new FormData(form), signal: abort.signal });
      if (!response.ok || !response.headers.get("Content-Type").startsWith("text/event-stream")) {
        HTMLFormElement.prototype.submit.call(form);
        return;
      }
      for await (const { name, data } of events(response.body)) {
        if (name === "sentence") shown.answer.insertAdjacentHTML("beforeend", data);
        if (name === "done") return finish(JSON.parse(data), shown);
      }
      throw new Error("ended early");
    } catch (error) {
      shown.status.textContent = error.name === "AbortError" ? words.stopped : words.failed;
      shown.stop.remove();
      form.querySelector("button").disabled = false;
      form.elements.question.focus({ preventScroll: true });
    }
  }

  // Every exchange comes as number 1 of a visitor's page: one that stays gives way to the next.
  function renumber(exchange, number) {
    exchange.removeAttribute("id");
    exchange.querySelector("form.ask")?.remove();
    exchange.querySelectorAll("[id], [for], a[href^='#']").forEach((element) => {
      for (const name of ["id", "for", "href"]) {
        const value = element.getAttribute(name);
        if (/^#?(source|comment)-1/.test(value)) element.setAttribute(name, value.replace("-1", `-earlier-${number}`));
      }
    });
  }

  function finish({ html, address }, shown) {
    shown.article.remove();
    // A visitor's conversation is kept by this page alone.
    const earlier = address ? [] : [...document.querySelectorAll("#talk > .exchange")];
    if (earlier.length) renumber(earlier.at(-1), earlier.length);
    document.getElementById("talk").outerHTML = html;
    document.getElementById("talk").prepend(...earlier);
    if (address) history.replaceState(null, "", address);
    const last = document.getElementById("last");
    last?.scrollIntoView({ block: "start" });
    const title = last?.querySelector(".question");
    if (title) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
    prepare();
  }

  function prepare() {
    document.querySelectorAll("form[data-stream]").forEach((form) => {
      form.addEventListener("submit", (event) => ask(form, event));
    });
  }
  prepare();
})();
