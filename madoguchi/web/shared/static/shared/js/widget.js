// <madoguchi-widget area="…" kind="…" name="…" height="600">: the widget as an element of any page.
// It frames the page that needs no script; what stands between its tags is shown where this does not run.
(() => {
  const site = new URL(document.currentScript.src).origin;
  const facets = ["area", "kind", "purpose", "industry", "organisation"];

  class MadoguchiWidget extends HTMLElement {
    connectedCallback() {
      const address = new URL("/widget/", site);
      for (const facet of facets) {
        if (this.hasAttribute(facet)) address.searchParams.set(facet, this.getAttribute(facet));
      }
      const frame = document.createElement("iframe");
      frame.src = address;
      frame.title = this.getAttribute("name") || "支援の一覧";
      frame.loading = "lazy";
      frame.width = "100%";
      frame.height = this.getAttribute("height") || "600";
      this.replaceChildren(frame);
    }
  }

  if (!customElements.get("madoguchi-widget")) customElements.define("madoguchi-widget", MadoguchiWidget);
})();
