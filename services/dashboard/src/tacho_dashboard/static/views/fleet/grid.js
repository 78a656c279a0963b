/**
 * A grid of tiles of which only those in sight are in the document: 5,000 cars cost what a screenful costs. The window
 * scrolls; the grid is as high as all rows and shows the rows around the window.
 */

import { el, keyed, setAttribute } from "../../dom.js";
import { createTile, drawTile } from "./tile.js";

const TILE_HEIGHT_REM = 8.75;
const TILE_WIDTH_REM = 10;
const GAP_REM = 0.5;
const ROWS_BEYOND = 1;

export class Grid {
  constructor(store) {
    this.store = store;
    this.ids = [];
    this.active = null;
    this.limit = null;
    this.first = 0;
    this.rows = el("div", { class: "tiles", role: "list", "aria-label": "Cars" });
    this.node = el("div", { class: "tiles-frame fades" }, this.rows);
    this.node.addEventListener("keydown", (event) => this.onKey(event));
    this.node.addEventListener("focusin", (event) => this.activate(this.idOf(event.target)));
    this.onScroll = () => this.show();
    this.sizes = new ResizeObserver(() => this.measure());
  }

  start() {
    addEventListener("scroll", this.onScroll, { passive: true });
    this.sizes.observe(this.node);
    this.measure();
  }

  stop() {
    removeEventListener("scroll", this.onScroll);
    this.sizes.disconnect();
  }

  /** Shows these cars in this order. */
  order(ids) {
    this.ids = ids;
    this.measure();
  }

  /** Draws anew the cars that changed and are in sight. */
  redraw(changed) {
    for (const node of this.rows.children) if (changed.has(node.tachoId)) this.draw(node);
  }

  redrawAll() {
    for (const node of this.rows.children) this.draw(node);
  }

  draw(node) {
    drawTile(node, this.store.cars.get(node.tachoId), this.limit);
  }

  measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const gap = GAP_REM * rem;
    const width = this.node.clientWidth;
    this.columns = Math.max(1, Math.floor((width + gap) / (this.tileWidth(width, rem) + gap)));
    this.rowHeight = TILE_HEIGHT_REM * rem + gap;
    const rows = Math.ceil(this.ids.length / this.columns);
    this.node.style.setProperty("height", `${Math.max(0, rows * this.rowHeight - gap)}px`);
    this.rows.style.setProperty("grid-template-columns", `repeat(${this.columns}, minmax(0, 1fr))`);
    this.rows.style.setProperty("grid-auto-rows", `${TILE_HEIGHT_REM}rem`);
    this.rows.style.setProperty("gap", `${GAP_REM}rem`);
    const resized = this.measuredWidth !== width;
    this.measuredWidth = width;
    this.show();
    if (resized) this.redrawAll();
  }

  /** Two tiles fit on a phone; with room, a tile has some air. */
  tileWidth(width, rem) {
    return (width < 32 * rem ? TILE_WIDTH_REM : TILE_WIDTH_REM * 1.25) * rem;
  }

  /** Puts the rows around the window into the document and takes the others out. */
  show() {
    const above = -this.node.getBoundingClientRect().top;
    const firstRow = Math.max(0, Math.floor(above / this.rowHeight) - ROWS_BEYOND);
    const lastRow = Math.ceil((above + innerHeight) / this.rowHeight) + ROWS_BEYOND;
    this.first = firstRow * this.columns;
    const ids = this.ids.slice(this.first, Math.max(this.first, lastRow * this.columns));
    this.rows.style.setProperty("transform", `translateY(${firstRow * this.rowHeight}px)`);
    const fresh = [];
    keyed(this.rows, ids, (id) => id, createTile, (node, id) => {
      if (node.tachoId !== id) fresh.push(node);
      node.tachoId = id;
    });
    this.number();
    for (const node of fresh) this.draw(node);
  }

  /** Says which tiles of how many these are, and lets one of them be reached by Tab. */
  number() {
    const nodes = [...this.rows.children];
    const reachable = nodes.find((node) => node.tachoId === this.active) ?? nodes[0];
    nodes.forEach((node, place) => {
      setAttribute(node, "aria-posinset", this.first + place + 1);
      setAttribute(node, "aria-setsize", this.ids.length);
      setAttribute(node.firstChild, "tabindex", node === reachable ? "0" : "-1");
    });
  }

  idOf(target) {
    return target.closest("[role=listitem]")?.tachoId ?? null;
  }

  activate(id) {
    if (id === null || id === this.active) return;
    this.active = id;
    this.number();
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const screen = Math.max(1, Math.floor(innerHeight / this.rowHeight) - 1) * this.columns;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, PageUp: -screen, PageDown: screen, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    const place = this.ids.indexOf(this.idOf(event.target));
    if (step === undefined || place < 0) return;
    event.preventDefault();
    const end = this.ids.length - 1;
    // Up and down stay in their column: no step where there is no row.
    const wanted = Number.isFinite(step) && Math.abs(step) === this.columns && (place + step < 0 || place + step > end) ? place : place + step;
    this.focus(this.ids[Math.min(end, Math.max(0, wanted))]);
  }

  /** Scrolls a car's tile into sight and puts the keyboard there; false if the car is not shown. */
  focus(id) {
    const place = this.ids.indexOf(id);
    if (place < 0) return false;
    const top = scrollY + this.node.getBoundingClientRect().top + Math.floor(place / this.columns) * this.rowHeight;
    const covered = document.getElementById("bar").offsetHeight + 8;
    if (top < scrollY + covered) scrollTo(0, top - covered);
    else if (top + this.rowHeight > scrollY + innerHeight) scrollTo(0, top + this.rowHeight - innerHeight);
    this.activate(id);
    this.show();
    for (const node of this.rows.children) if (node.tachoId === id) node.firstChild.focus({ preventScroll: true });
    return true;
  }

  /** True while the keyboard is on a tile: its neighbours must not move then. */
  get holdsFocus() {
    return this.rows.contains(document.activeElement);
  }
}
