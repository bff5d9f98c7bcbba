(function () {
  "use strict";
  var form = document.querySelector(".tools"), search = document.getElementById("search"),
    group = document.getElementById("group"), shown = document.getElementById("shown"),
    home = document.getElementById("groups"), original = Array.from(home.children),
    findings = Array.from(document.querySelectorAll(".finding")),
    counters = Array.from(document.querySelectorAll(".counter")),
    texts = findings.map(function (f) { return f.textContent.toLowerCase(); }),
    ranks = { critical: 0, high: 1, medium: 2, low: 3 };
  form.hidden = false;

  function chosen() {
    return counters.filter(function (c) { return c.getAttribute("aria-pressed") === "true"; })
      .map(function (c) { return c.dataset.verdict; });
  }

  function filter() {
    var verdicts = chosen(), words = search.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    findings.forEach(function (finding, i) {
      var fits = (!verdicts.length || verdicts.indexOf(finding.dataset.verdict) >= 0) &&
        words.every(function (word) { return texts[i].indexOf(word) >= 0; });
      finding.hidden = !fits;
      count += fits ? 1 : 0;
    });
    Array.from(home.querySelectorAll(".group")).forEach(function (section) {
      section.hidden = !section.querySelector(".finding:not([hidden])");
    });
    shown.textContent = count + " of " + findings.length + " findings";
  }

  function regroup() {
    var by = group.value, sections = {};
    if (by === "tenant") {
      home.replaceChildren.apply(home, original);
      findings.forEach(function (finding) {
        document.getElementById(finding.dataset.tenant).parentNode.appendChild(finding);
      });
      filter();
      return;
    }
    findings.forEach(function (finding) {
      var name = finding.dataset[by].split(" ")[0] || "none";
      (sections[name] = sections[name] || []).push(finding);
    });
    home.replaceChildren.apply(home, Object.keys(sections).sort(function (a, b) {
      return by === "severity" ? ranks[a] - ranks[b] : a < b ? -1 : 1;
    }).map(function (name) {
      var section = document.createElement("section"), heading = document.createElement("h2");
      section.className = "group";
      heading.textContent = name;
      section.appendChild(heading);
      sections[name].forEach(function (finding) { section.appendChild(finding); });
      return section;
    }));
    filter();
  }

  counters.forEach(function (counter) {
    counter.addEventListener("click", function () {
      var on = counter.getAttribute("aria-pressed") === "true";
      counter.setAttribute("aria-pressed", on ? "false" : "true");
      filter();
    });
  });
  search.addEventListener("input", filter);
  group.addEventListener("change", regroup);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.getElementById("reset").addEventListener("click", function () {
    counters.forEach(function (counter) { counter.setAttribute("aria-pressed", "false"); });
    search.value = "";
    filter();
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
  filter();
})();
